import type { FileDescription } from '@icecore/snapshot';
import { eachProcess } from './against-truth.test-support.ts';
import { cgroupsIn, limitsIn } from './proc-text.ts';

eachProcess('programs', 'programs and their surroundings', (process, truth, facts) => {
  const subject = `process ${process.pid}`;
  facts.check(subject, 'executable', truth.exe, linkOf(process.executable));
  facts.check(subject, 'cwd', truth.cwd, linkOf(process.cwd));
  facts.check(subject, 'root', truth.root, linkOf(process.root));
  if (truth.state === 'Z') {
    facts.check(subject, 'arguments', 'none', process.arguments.state);
    return;
  }
  facts.check(subject, 'arguments', { state: 'captured', values: truth.cmdline }, process.arguments);
  facts.check(subject, 'environment', { state: 'captured', values: truth.environ }, process.environment);
  facts.check(subject, 'limits', limitsIn(truth.limits), [...process.limits]);
  facts.check(subject, 'cgroups', cgroupsIn(truth.cgroup), process.cgroups.map(({ controllers, path }) => `${controllers}:${path}`).sort());
  facts.check(subject, 'umask', Number.parseInt(truth.status['Umask'] ?? '', 8), process.umask);
  facts.check(subject, 'oomScoreAdjustment', Number(truth.oom_score_adj), process.oomScoreAdjustment);
  facts.check(subject, 'loginUid', Number(truth.loginuid), process.loginUid);
  facts.check(subject, 'personality', Number.parseInt(truth.personality, 16), process.personality);
  facts.check(subject, 'auxiliaryVector', auxiliaryVectorOf(truth.auxv_hex), process.auxiliaryVector);
});

/** As the link in `/proc/PID` reads. */
function linkOf(file: FileDescription | undefined): string | null {
  if (file === undefined) return null;
  return file.deleted ? `${file.name} (deleted)` : file.name;
}

function auxiliaryVectorOf(hex: string): Map<bigint, bigint> {
  const bytes = Buffer.from(hex, 'hex');
  const vector = new Map<bigint, bigint>();
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    const tag = bytes.readBigUInt64LE(at);
    if (tag === 0n) break;
    vector.set(tag, bytes.readBigUInt64LE(at + 8));
  }
  return vector;
}
