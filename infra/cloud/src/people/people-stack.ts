import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { AccountPrincipal, type IPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { through } from '../access/grant.ts';
import { policyOf } from '../access/policy.ts';
import { signingKey } from '../access/signing.ts';
import { bucketArn, namesOf } from '../config/names.ts';
import type { Home } from '../config/schema.ts';

export interface PeopleProps extends StackProps {
  readonly prefix: string;
  readonly home: Home;
  /** ARNs of the keys of the vault and of the lake. */
  readonly vaultKey: string;
  readonly lakeKey: string;
}

/**
 * The roles of people. An analyst reads evidence and asks the lake, and alters neither. A custodian also holds and
 * releases, extends locks, and writes down in the ledger who got what.
 */
export class PeopleStack extends Stack {
  constructor(scope: Construct, id: string, { prefix, home, vaultKey, lakeKey, ...props }: PeopleProps) {
    super(scope, id, props);
    const names = namesOf(prefix, home);
    const vault = bucketArn(names.vaultBucket);
    const lake = bucketArn(names.lakeBucket);
    const results = bucketArn(names.resultsBucket);
    const throughS3 = through('s3', home.region);
    const all = 'All objects below a folder, of all captures: cases span clusters.';
    const here = `${home.region}:${home.account}`;
    const reading = policyOf(this, 'ReadEvidence', [
      { actions: ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads', 's3:GetBucketLocation'], resources: [vault] },
      { actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectRetention', 's3:GetObjectLegalHold', 's3:GetObjectAttributes', 's3:GetObjectVersionAttributes', 's3:ListMultipartUploadParts'], resources: [`${vault}/clusters/*`], because: all },
      { actions: ['kms:Decrypt'], resources: [vaultKey], conditions: throughS3 },
    ]);
    const asking = policyOf(this, 'AskLake', [
      {
        actions: ['athena:StartQueryExecution', 'athena:StopQueryExecution', 'athena:GetQueryExecution', 'athena:GetQueryResults', 'athena:GetQueryResultsStream', 'athena:GetWorkGroup', 'athena:GetNamedQuery', 'athena:ListNamedQueries', 'athena:BatchGetNamedQuery', 'athena:ListQueryExecutions', 'athena:BatchGetQueryExecution'],
        resources: [`arn:aws:athena:${here}:workgroup/${names.workGroup}`],
      },
      { actions: ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'], resources: [`arn:aws:glue:${here}:catalog`, `arn:aws:glue:${here}:database/${names.database}`, `arn:aws:glue:${here}:table/${names.database}/*`], because: 'Every table of the lake.' },
      { actions: ['s3:ListBucket', 's3:GetBucketLocation'], resources: [lake, results] },
      { actions: ['s3:GetObject', 's3:GetObjectVersion'], resources: [`${lake}/v1/*`], because: 'Every table of the lake.' },
      { actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], resources: [`${results}/*`], because: 'Athena names the files of results.' },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [lakeKey], conditions: throughS3 },
    ]);
    const signing = signingKey(this, { description: 'Signs what custodians write into ledgers of custody', signer: names.custodianRole });
    const keeping = policyOf(this, 'KeepEvidence', [
      { actions: ['s3:PutObjectLegalHold', 's3:PutObjectRetention'], resources: [`${vault}/clusters/*`], because: all },
      { actions: ['s3:PutObject'], resources: [`${vault}/clusters/*/ledger/*`, `${vault}/clusters/*/heads/*`], because: 'Ledgers lie beside each capture of each cluster.' },
      { actions: ['kms:GenerateDataKey'], resources: [vaultKey], conditions: throughS3 },
      { actions: ['kms:Sign', 'kms:GetPublicKey'], resources: [signing.keyArn] },
    ]);
    const common = { maxSessionDuration: Duration.hours(4) };
    new Role(this, 'Analyst', { ...common, roleName: names.analystRole, assumedBy: people(home.people.analysts), managedPolicies: [reading, asking] });
    new Role(this, 'Custodian', { ...common, roleName: names.custodianRole, assumedBy: people(home.people.custodians), managedPolicies: [reading, asking, keeping] });
  }
}

/** Roles and users by their ARN, in which * stands for any run of characters. */
function people(arns: readonly string[]): IPrincipal {
  const [first = '', ...others] = [...new Set(arns.map((arn) => arn.split(':')[4] ?? ''))];
  if (others.length > 0) throw new Error(`people of one role must be of one account, not of ${[first, ...others].join(', ')}`);
  return new AccountPrincipal(first).withConditions({ ArnLike: { 'aws:PrincipalArn': [...arns] } });
}
