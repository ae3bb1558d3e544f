import { executionSeconds, stepLimits, stepNames, verifySliceBytes } from '@icecore/pipeline';
import { capacityOf } from '../pipeline/capacity.ts';
import { type Recorded, lineOf } from './durations.ts';
import { limitsOf } from './limits.ts';
import { analysisCost, costOf, paperConcurrency, paperWallSeconds } from './paper.ts';
import { prices, priceSources } from './prices.ts';
import { arrivalsOf, simulate } from './simulate.ts';
import { assumptions, profileOf, workOf } from './work.ts';

/** Functions at once, as the stack reserves them. */
const places = { verify: capacityOf.verify.concurrency, inventory: capacityOf.inventory.concurrency, decode: capacityOf.decode.concurrency, scan: capacityOf.scan.concurrency, detect: capacityOf.detect.concurrency, tables: capacityOf.tables.concurrency, publish: capacityOf.publish.concurrency, quarantine: capacityOf.quarantine.concurrency };
const rates = [1000, 3000, 6000, 12_000];
const hours = 3;

/** docs/scale.md: what an analysis takes and costs, and where it ends. */
export function scaleDocument(recorded: Recorded): string {
  const profile = profileOf(recorded, executionSeconds, paperWallSeconds);
  return `${[
    '# Scale',
    'How long an analysis takes in AWS, what it costs, and which limit of which service it meets first. Simulated event by event from durations that were recorded, and worked out on paper beside it. `npx nx scale @icecore/cloud` writes this page; `node infra/cloud/scale/record.mjs` records anew. Nothing here was measured in AWS.',
    '## One capture',
    table(['memory of the capture', 'calls of functions', 'wall time, simulated', 'on paper', 'analysis', 'replication', 'kept, first month', 'each month after'], [1, 10, 100].map((memoryGiB) => captureRow(recorded, memoryGiB))),
    `The largest capture that can be analysed has about ${Math.round(profile.largestGiB)} GiB of memory; what ends first beyond it is ${profile.first === 'execution' ? `the ${executionSeconds / 3600} hours of an execution` : `\`${profile.first}\``}. Kept means both copies: the archive and its replica, without the small objects.`,
    '## Where the time goes',
    table(['step', ...[1, 100].map((size) => `${size} GiB, calls`), ...[1, 100].map((size) => `${size} GiB, longest call`), 'limit of a call'], stepNames.filter((step) => step !== 'quarantine').map((step) => {
      const calls = [1, 100].map((size) => workOf(recorded, size).stages.flat().filter((call) => call.step === step));
      return [`\`${step}\``, ...calls.map(({ length }) => String(length)), ...calls.map((each) => seconds(Math.max(...each.map((call) => call.seconds)))), seconds(stepLimits[step].functionSeconds)];
    })),
    `An archive of more than ${verifySliceBytes / 2 ** 30} GiB is hashed call by call with a SHA-256 whose state can be put down: ${recorded.hashing.resumableMiBPerSecond} MiB a second where OpenSSL, which cannot, does ${recorded.hashing.nativeMiBPerSecond.toLocaleString('en-US')}. That is most of the time of a large capture.`,
    '## Many captures',
    `Captures of 1 GiB come by chance for ${hours} hours, so many an hour on average.`,
    table(['captures an hour', 'wall time, median', '95 of 100', 'longest', '`scan` at once, most', 'on average, on paper', 'waited for concurrency', 'analysis, an hour'], rates.map((perHour) => rateRow(recorded, perHour))),
    busiest(recorded),
    '## Limits',
    table(['service', 'limit', 'where it binds', 'raised on request', 'source'], limitsOf(recorded, profile).map(({ service, limit, binds, adjustable, source }) => [service, limit, binds, adjustable ? 'yes' : 'no', source])),
    'Limits are those that AWS gives a new account; Service Quotas tells those of yours.',
    '## What this rests on',
    `Recorded on ${recorded.measuredAt}. ${recorded.how}`,
    table(['step', 'at least', 'for each GiB of memory'], (['verify', 'inventory', 'decode', 'scan', 'detect', 'tables', 'publish'] as const).map((step) => [`\`${step}\``, ...[lineOf(recorded, step).base, lineOf(recorded, step).perGiB].map((value) => `${value.toFixed(3)} s`)])),
    'The memory that is repeated has the same hits again and again, and more of them than most captures: a miner, shells and keys. What `detect` needs in memory for far more hits is not measured.',
    `Assumed of AWS: a processor ${assumptions.slowdown} times as slow as the one measured; ${assumptions.readMiBPerSecond} MiB a second from S3 for a function; ${assumptions.openSeconds} s to open an archive; ${assumptions.coldSeconds} s for a cold start, at every call; ${assumptions.transitionSeconds} s between states; ${assumptions.startSeconds} s from the manifest to the first state. Nothing overlaps within a call.`,
    '## Prices',
    `List prices of us-east-1, without free tiers, as of ${prices.date}. AWS was not asked when this page was written: look them up before a decision hangs on them. They are in infra/cloud/src/scale/prices.ts, and all costs above are made from them.`,
    table(['what', 'price', 'page', 'known'], priceSources.map(({ what, price, page, known }) => [what, price, page, known])),
  ].join('\n\n')}\n`;
}

function captureRow(recorded: Recorded, memoryGiB: number): string[] {
  const work = workOf(recorded, memoryGiB);
  const { wallSeconds } = simulate([{ at: 0, work }], places);
  const cost = costOf(work);
  return [`${memoryGiB} GiB`, String(work.stages.flat().length), seconds(wallSeconds[0] ?? 0), seconds(paperWallSeconds(work)), dollars(analysisCost(cost)), dollars(cost.replication), dollars(cost.firstMonth), dollars(cost.eachMonth)];
}

function rateRow(recorded: Recorded, perHour: number): string[] {
  const work = workOf(recorded, 1);
  const { wallSeconds, peak, waitedSeconds } = simulate(arrivalsOf(perHour, hours, 1).map((at) => ({ at, work })), places);
  const sorted = wallSeconds.toSorted((left, right) => left - right);
  const at = (share: number): string => seconds(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return [perHour.toLocaleString('en-US'), at(0.5), at(0.95), at(1), `${peak.scan} of ${places.scan}`, paperConcurrency(work, perHour, 'scan').toFixed(1), `${seconds(waitedSeconds / wallSeconds.length)} a capture`, dollars(analysisCost(costOf(work)) * perHour)];
}

/** The rate at which the first function has no place left, on paper. */
function busiest(recorded: Recorded): string {
  const work = workOf(recorded, 1);
  const ends = stepNames.filter((step) => step !== 'quarantine').map((step) => ({ step, perHour: places[step] / paperConcurrency(work, 1, step) })).sort((left, right) => left.perHour - right.perHour);
  const [first] = ends;
  return first === undefined ? '' : `On paper the reservations last to ${Math.floor(first.perHour).toLocaleString('en-US')} captures of 1 GiB an hour, where \`${first.step}\` has no place left; beyond, captures wait, and none is lost.`;
}

function seconds(value: number): string {
  if (value >= 5400) return `${(value / 3600).toFixed(1)} h`;
  return value >= 120 ? `${(value / 60).toFixed(1)} min` : `${value.toFixed(1)} s`;
}

function dollars(value: number): string {
  return `$${value >= 1 ? value.toFixed(2) : value.toFixed(4)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
