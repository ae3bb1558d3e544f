import { scanPlan } from '@icecore/memory';
import { againstTruth } from './against-truth.test-support.ts';
import { addressesOf, ascending, stretchesOf } from './spans.ts';

againstTruth('needles', 'known strings in memory', async ({ snapshot }, truth, facts) => {
  const spaces = snapshot.processes.flatMap(({ memory }) => memory ?? []);
  const plan = scanPlan(spaces);
  const needles = [...new Set(truth.processes.flatMap((process) => (process.needles ?? []).map(({ needle }) => needle)))];
  facts.check('needles', 'are known', true, needles.length > 0);
  for (const { ns_pid, needles: listed = [] } of truth.processes) {
    const memory = spaces.find(({ pid }) => pid === ns_pid);
    if (memory === undefined) continue;
    const inFiles = new Set<string>();
    for (const { needle, vaddr, path } of listed) {
      const { bytes, parts } = await memory.read(BigInt(`0x${vaddr}`), Buffer.byteLength(needle));
      const subject = `process ${ns_pid} ${needle} at ${vaddr}`;
      if (parts.every(({ state }) => state === 'in_file')) {
        facts.check(subject, 'state', 'stored', `in ${path}`);
        inFiles.add(vaddr);
        continue;
      }
      facts.check(subject, 'state', ['stored'], [...new Set(parts.map(({ state }) => state))]);
      facts.check(subject, 'bytes', needle, Buffer.from(bytes).toString());
    }
    const stretches = await stretchesOf(plan, ns_pid);
    for (const needle of needles) {
      const expected = listed.filter((each) => each.needle === needle && !inFiles.has(each.vaddr)).map(({ vaddr }) => BigInt(`0x${vaddr}`)).sort(ascending);
      const subject = `process ${ns_pid} ${needle}`;
      facts.check(subject, 'addresses', expected, addressesOf(needle, stretches));
    }
  }
});
