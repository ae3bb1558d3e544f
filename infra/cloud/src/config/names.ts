import type { Cluster, Place } from './schema.ts';

/**
 * Physical names. Whatever another account or region has to know before it exists has one, so that no stack waits for
 * the output of a stack elsewhere.
 */
export interface Names {
  readonly vaultBucket: string;
  readonly replicaBucket: string;
  readonly lakeBucket: string;
  readonly workingBucket: string;
  readonly resultsBucket: string;
  readonly database: string;
  readonly workGroup: string;
  readonly replicationRole: string;
  readonly analystRole: string;
  readonly custodianRole: string;
  readonly stateMachine: string;
}

/** The names of a home, and of its replica. Names of buckets carry account and region, for they are unique in the world. */
export function namesOf(prefix: string, home: Place & { readonly replica: Place }): Names {
  const here = `${home.account}-${home.region}`;
  return {
    vaultBucket: `${prefix}-vault-${here}`,
    replicaBucket: `${prefix}-replica-${home.replica.account}-${home.replica.region}`,
    lakeBucket: `${prefix}-lake-${here}`,
    workingBucket: `${prefix}-working-${here}`,
    resultsBucket: `${prefix}-results-${here}`,
    database: prefix.replaceAll('-', '_'),
    workGroup: prefix,
    replicationRole: `${prefix}-replication-${home.region}`,
    analystRole: `${prefix}-analyst-${home.region}`,
    custodianRole: `${prefix}-custodian-${home.region}`,
    stateMachine: `${prefix}-analysis`,
  };
}

/** Name of the role that a cluster writes with. */
export function writerRole(prefix: string, { name, region }: Cluster): string {
  const readable = `${prefix}-writer-${region}-${name}`.replaceAll(/[^\w+=,.@-]/g, '-');
  if (readable.length > 64) throw new Error(`the role ${readable} would have a name longer than 64 characters; shorten the cluster's name in the configuration`);
  return readable;
}

/** The ARN of a cluster's role. */
export function writerRoleArn(prefix: string, cluster: Cluster): string {
  return `arn:aws:iam::${cluster.account}:role/${writerRole(prefix, cluster)}`;
}

/** Name of a function, and of the role that it alone has. */
export function functionName(prefix: string, name: string, { region }: Place): string {
  return `${prefix}-${name}-${region}`;
}

/** The ARN of a bucket by its name. */
export function bucketArn(name: string): string {
  return `arn:aws:s3:::${name}`;
}
