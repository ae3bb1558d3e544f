import { executionSeconds, rangesPerChild, scanConcurrency, verifySliceBytes } from '@icecore/pipeline';
import { accountConcurrency, capacityOf } from '../pipeline/capacity.ts';
import type { Recorded } from './durations.ts';
import { assumptions, blocksPerRange, largestFor, type Profile } from './work.ts';

/** A limit of a service, and where an analysis or a fleet meets it. */
export interface Limit {
  readonly service: string;
  readonly limit: string;
  /** Where the limit is from, as AWS calls the page. */
  readonly source: string;
  /** What meets it. */
  readonly binds: string;
  /** True where AWS raises it on request. */
  readonly adjustable: boolean;
}

/** Events that a state of a task leaves in a history: entered, scheduled, started, succeeded, exited (Step Functions, "GetExecutionHistory"). */
const eventsPerState = 5;

/** Archives and rates at which limits bind, from the same numbers as the simulation. */
export function limitsOf(recorded: Recorded, profile: Profile): readonly Limit[] {
  const childMiB = rangesPerChild * blocksPerRange;
  const verifyCalls = Math.ceil(profile.largestGiB / (verifySliceBytes / 2 ** 30));
  const eventsOfParent = eventsPerState * (10 + 2 * verifyCalls);
  const children = 10_000;
  const getsPerSecond = Math.round((scanConcurrency * assumptions.readMiBPerSecond) / 8);
  const perHour = (functionSeconds: number, concurrency: number): string => thousands(Math.floor((3600 * concurrency) / functionSeconds));
  return [
    { service: 'Step Functions', limit: `${executionSeconds / 3600} hours for an execution, which the definition sets (a year is what the service sets)`, source: 'Step Functions quotas', binds: profile.first === 'execution' ? `at about ${gib(profile.largestGiB)} of memory in one capture, which is the first limit of all; nearly all of the time is \`verify\`` : `beyond what \`${profile.first}\` can do`, adjustable: true },
    { service: 'Lambda', limit: '15 minutes for one call', source: 'Lambda quotas', binds: `\`detect\` and \`tables\` join the whole scan in one call: at about ${gib(largestFor(recorded, 'detect'))} and ${gib(largestFor(recorded, 'tables'))} by their time; \`verify\` and \`scan\` do a bounded part`, adjustable: false },
    { service: 'Lambda', limit: `${thousands(accountConcurrency)} calls at once in a region`, source: 'Lambda quotas', binds: `\`scan\` has ${capacityOf.scan.concurrency}, which two captures of ${gib((scanConcurrency * childMiB) / 1024)} or more fill`, adjustable: true },
    { service: 'Lambda', limit: '10,240 MiB of disk in /tmp', source: 'Lambda quotas', binds: 'an archive that is compressed as a whole is expanded there: captures of more than about 9 GiB have to be stored as plain tar, which is how the kubelet writes them', adjustable: false },
    { service: 'Step Functions', limit: '25,000 events in the history of an execution', source: 'Step Functions quotas', binds: `not at all: a child of the Map has a history of its own, and the parent has about ${eventsOfParent} events for the largest capture`, adjustable: false },
    { service: 'Step Functions', limit: '10,000 children of a Map at once', source: 'Step Functions quotas', binds: `not at all: ${scanConcurrency} are let run; a list of ${thousands(children)} children, ${gib((children * childMiB) / 1024)}, is worked off in ${children / scanConcurrency} waves`, adjustable: false },
    { service: 'Step Functions', limit: '1,000 Map runs open in a region', source: 'Step Functions quotas', binds: 'at 1,000 captures in their scan at once; concurrency of Lambda binds long before', adjustable: true },
    { service: 'Step Functions', limit: '256 KiB between states', source: 'Step Functions quotas', binds: 'not at all: pointers pass, and the list of ranges is a file', adjustable: false },
    { service: 'Step Functions', limit: 'StartExecution: 1,300 at once, then 300 a second (some regions 800 and 150)', source: 'Step Functions quotas', binds: 'at a million captures an hour; the children of a Map are begun by Step Functions itself', adjustable: true },
    { service: 'Step Functions', limit: 'an execution for a name in 90 days', source: 'StartExecution API', binds: 'a second event of the same object version within 90 days, which is the point', adjustable: false },
    { service: 'S3', limit: '3,500 puts and 5,500 gets a second for a prefix', source: 'S3 performance guidelines', binds: `one archive is one prefix: ${scanConcurrency} children that read 8 MiB at a time ask it ${thousands(getsPerSecond)} times a second`, adjustable: false },
    { service: 'S3', limit: '10,000 parts of an upload, 5 TiB an object', source: 'S3 multipart upload limits', binds: 'parts grow with the archive, so 5 TiB', adjustable: false },
    { service: 'KMS', limit: '10,000 to 100,000 symmetric requests a second in a region', source: 'KMS quotas', binds: 'not at all: a bucket key asks KMS once in a while for a role, not once for a request', adjustable: true },
    { service: 'KMS', limit: '1,000 signatures a second with keys of elliptic curves', source: 'KMS quotas', binds: 'eight signatures a capture: at 450,000 captures an hour', adjustable: true },
    { service: 'Athena', limit: '20 to 200 queries of DML at once in a region', source: 'Athena quotas', binds: 'at that many hunts at once; further ones wait in its queue', adjustable: true },
    { service: 'Athena', limit: 'a scan limit of 10 MiB to 7 EiB a query', source: 'Athena workgroup settings', binds: 'at the `scanLimitGiB` of the configuration', adjustable: true },
    { service: 'Glue', limit: '1 MiB of a table\'s definition, 200,000 tables a database', source: 'Glue quotas', binds: 'not at all: the largest definition has some tens of KiB, and a database two entries a table', adjustable: true },
    { service: 'Lambda', limit: '15 minutes for one call of `compact`', source: 'Lambda quotas', binds: 'some thousand captures are compacted a call; what is left is done the next night, so a fleet that seals more than that a day, day after day, needs `compact` more often', adjustable: false },
    { service: 'EventBridge', limit: '10,000 events a second to targets in large regions, 750 in small ones', source: 'EventBridge quotas', binds: `not at all: \`start\` takes ${capacityOf.start.concurrency} at once, ${perHour(0.5, capacityOf.start.concurrency)} an hour`, adjustable: true },
  ];
}

function gib(value: number): string {
  return value >= 10 ? `${thousands(Math.round(value))} GiB` : `${value.toFixed(1)} GiB`;
}

function thousands(value: number): string {
  return value.toLocaleString('en-US');
}
