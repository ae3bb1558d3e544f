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
    for (const { needle, vaddr } of listed) {
      const { bytes, parts } = await memory.read(BigInt(`0x${vaddr}`), Buffer.byteLength(needle));
      const subject = `process ${ns_pid} ${needle} at ${vaddr}`;
      facts.check(subject, 'read', needle, Buffer.from(bytes).toString());
      facts.check(subject, 'state', true, parts.every(({ state }) => state === 'stored'));
    }
    const stretches = await stretchesOf(plan, ns_pid);
    for (const needle of needles) {
      const expected = listed.filter((each) => each.needle === needle).map(({ vaddr }) => BigInt(`0x${vaddr}`)).sort(ascending);
      const subject = `process ${ns_pid} ${needle}`;
      facts.check(subject, 'addresses', expected, addressesOf(needle, stretches));
    }
  }
});
