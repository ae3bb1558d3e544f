import { eachProcess } from './against-truth.test-support.ts';
import { paired } from './comparison.ts';
import type { TruthMapping } from './truth.ts';

eachProcess('mappings', 'mappings', (process, truth, facts) => {
  const expectedMappings = joined(truth.maps ?? []);
  for (const [start, expected, found] of paired(expectedMappings, (each) => BigInt(`0x${each.start}`), process.mappings, (each) => each.start)) {
    const subject = `process ${process.pid} mapping ${start.toString(16)}`;
    facts.check(subject, 'presence', expected !== undefined, found !== undefined);
    if (expected === undefined || found === undefined) continue;
    facts.check(subject, 'end', BigInt(`0x${expected.end}`), found.end);
    facts.check(subject, 'permissions', expected.perms, found.permissions);
    facts.check(subject, 'name', expected.path, found.name);
    facts.check(subject, 'offset', BigInt(`0x${expected.off}`), found.offset);
  }
});

/** CRIU keeps `[vvar]` and `[vvar_vclock]` as one area. */
function joined(maps: readonly TruthMapping[]): TruthMapping[] {
  const areas: TruthMapping[] = [];
  for (const each of maps) {
    const last = areas.at(-1);
    if (last !== undefined && each.path === '[vvar_vclock]' && last.path === '[vvar]' && last.end === each.start) areas[areas.length - 1] = { ...last, end: each.end };
    else areas.push(each);
  }
  return areas;
}
