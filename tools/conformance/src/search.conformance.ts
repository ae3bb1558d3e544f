import { type AddressSpace, scanPlan, searchMemory, type SearchPattern } from '@icecore/memory';
import { againstTruth } from './against-truth.test-support.ts';
import { ascending } from './spans.ts';
import type { Truth } from './truth.ts';

const forms = ['literal', 'regex'] as const;

againstTruth('search', 'hits of a search for known strings', async ({ snapshot }, truth, facts) => {
  const spaces = snapshot.processes.flatMap(({ memory }) => memory ?? []);
  const plan = scanPlan(spaces);
  const needles = new Set(truth.processes.flatMap((process) => (process.needles ?? []).map(({ needle }) => needle)));
  facts.check('needles', 'are known', true, needles.size > 0);
  for (const needle of needles) {
    const expected = await Promise.all(spaces.map(async (space) => ({ pid: space.pid, addresses: await captured(space, truth, needle) })));
    for (const form of forms) {
      const hits = new Map<number | undefined, bigint[]>();
      for await (const { owners, encoding } of searchMemory(plan, patternOf(form, needle))) {
        if (encoding === 'utf-16le') continue;
        for (const { pid, address } of owners) hits.set(pid, [...(hits.get(pid) ?? []), address]);
      }
      for (const { pid, addresses } of expected) facts.check(`process ${pid} ${needle}`, form, addresses, (hits.get(pid) ?? []).sort(ascending));
    }
  }
});

function patternOf(form: (typeof forms)[number], text: string): SearchPattern {
  if (form === 'literal') return { kind: 'literal', text, ignoreCase: false };
  return { kind: 'regex', expression: new RegExp(text.replace(/[^A-Za-z0-9]/g, '\\$&')) };
}

/** Where the truth has the text, but for pages of files, which no archive holds. */
async function captured(space: AddressSpace, { processes }: Truth, needle: string): Promise<bigint[]> {
  const listed = processes.filter(({ ns_pid }) => ns_pid === space.pid).flatMap((process) => process.needles ?? []);
  const addresses: bigint[] = [];
  for (const { vaddr } of listed.filter((each) => each.needle === needle)) {
    const address = BigInt(`0x${vaddr}`);
    const { parts } = await space.read(address, Buffer.byteLength(needle));
    if (!parts.every(({ state }) => state === 'in_file')) addresses.push(address);
  }
  return addresses.sort(ascending);
}
