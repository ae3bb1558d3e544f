import { type App, Tags } from 'aws-cdk-lib';
import { ClusterAccessStack } from './cluster-access/cluster-access-stack.ts';
import { functionName, namesOf, writerRoleArn } from './config/names.ts';
import { type Cluster, type Config, type Home, type Place, placeText, tenantsOf } from './config/schema.ts';
import { GroundStack } from './ground/ground-stack.ts';
import { LakeStack } from './lake/lake-stack.ts';
import { OperationsStack } from './operations/operations-stack.ts';
import { PeopleStack } from './people/people-stack.ts';
import { type CodeOf, PipelineStack } from './pipeline/pipeline-stack.ts';
import { type FunctionName, rightsOf } from './pipeline/rights.ts';
import { ReplicaStack } from './replica/replica-stack.ts';
import { TrailStack } from './trail/trail-stack.ts';
import { VaultStack } from './vault/vault-stack.ts';

/** Puts everything that a configuration asks for into an app, each purpose a stack of its own. */
export function buildAll(app: App, config: Config, code: CodeOf): void {
  Tags.of(app).add('application', config.name);
  for (const home of config.homes) buildHome(app, config, home, code);
  for (const cluster of config.clusters) buildCluster(app, config, cluster);
}

function buildHome(app: App, config: Config, home: Home, code: CodeOf): void {
  const { name: prefix, clusters } = config;
  const env = placeOf(home);
  const id = (purpose: string): string => `${prefix}-${purpose}-${home.account}-${home.region}`;
  const common = { prefix, home, env };
  const names = namesOf(prefix, home);
  const writers = clusters.filter((cluster) => placeText(cluster.home) === placeText(home)).map((cluster) => ({ account: cluster.account, roleArn: writerRoleArn(prefix, cluster) }));
  const functionsWith = (wanted: (name: FunctionName) => boolean): string[] => functionNames.filter(wanted).map((name) => functionName(prefix, name, home));
  const records = (name: FunctionName): boolean => rightsOf[name].includes('write ledgers');
  const reads = (name: FunctionName): boolean => rightsOf[name].includes('read evidence') && !records(name);

  const replica = new ReplicaStack(app, id('replica'), { prefix, home, env: placeOf(home.replica), description: 'icecore: the second copy of the evidence' });
  const ground = new GroundStack(app, id('ground'), { env, alarmEmail: home.operations.alarmEmail, description: 'icecore: keys and topics that the other stacks use' });
  const vault = new VaultStack(app, id('vault'), { ...common, writers, readers: [...functionsWith(reads), names.analystRole], recorders: [...functionsWith(records), names.custodianRole], description: 'icecore: the vault of evidence' });
  vault.addStackDependency(replica, 'S3 looks for the bucket it shall copy to');
  const trail = new TrailStack(app, id('trail'), { prefix, env, vaultArn: `arn:aws:s3:::${names.vaultBucket}`, serviceKey: ground.serviceKey, lockDays: 365, description: 'icecore: the record of requests to the vault' });
  const lake = new LakeStack(app, id('lake'), { ...common, tenants: tenantsOf(config, home), accessLogs: ground.accessLogs, description: 'icecore: the lake and the questions to it' });
  const pipeline = new PipelineStack(app, id('pipeline'), {
    ...common, code, vaultKey: vault.key, lakeKey: lake.key, serviceKey: ground.serviceKey, accessLogs: ground.accessLogs, description: 'icecore: from a sealed capture to its findings',
  });
  new PeopleStack(app, id('people'), { ...common, vaultKey: vault.key.keyArn, lakeKey: lake.key.keyArn, description: 'icecore: the roles of analysts and custodians' });
  new OperationsStack(app, id('operations'), {
    ...common,
    watched: {
      machineArn: pipeline.machine.arn,
      functions: functionNames.map((name) => functionName(prefix, name, home)),
      compact: functionName(prefix, 'compact', home),
      deadLetters: pipeline.dead,
      notifications: pipeline.notifications,
      vaultBucket: names.vaultBucket,
      replicaBucket: names.replicaBucket,
      replicaRule: 'ToReplica',
    },
    trailEvents: trail.events,
    alarms: ground.alarms,
    description: 'icecore: alarms, dashboard, budget',
  });
}

function buildCluster(app: App, { name: prefix, homes }: Config, cluster: Cluster): void {
  const home = homes.find((each) => placeText(each) === placeText(cluster.home));
  if (home === undefined) throw new Error(`${cluster.name}: ${placeText(cluster.home)} is none of the homes`);
  const id = `${prefix}-access-${cluster.account}-${cluster.region}-${cluster.name}`.replaceAll(/[^A-Za-z0-9-]/g, '-');
  new ClusterAccessStack(app, id, { prefix, cluster, home, env: placeOf(cluster), description: `icecore: what the cluster ${cluster.name} writes with` });
}

const functionNames: readonly FunctionName[] = ['start', 'verify', 'inventory', 'decode', 'scan', 'detect', 'tables', 'publish', 'quarantine', 'compact'];

function placeOf({ account, region }: Place): { readonly account: string; readonly region: string } {
  return { account, region };
}
