import { scanPlan, searchMemory, type SearchPattern } from '@icecore/memory';
import { againstTruth } from './against-truth.test-support.ts';
import { ascending } from './spans.ts';
import type { Truth } from './truth.ts';

const forms = ['literal', 'regex'] as const;

againstTruth('search', 'hits of a search for known strings', async ({ snapshot }, truth, facts) => {
  const spaces = snapshot.processes.flatMap(({ memory }) => memory ?? []);
  const plan = scanPlan(spaces);
  const needles = new Set(truth.processes.flatMap((process) => (process.needles ?? []).map(({ needle }) => needle)));
  for (const needle of needles) {
    for (const form of forms) {
      const hits = new Map<number | undefined, bigint[]>();
      for await (const { owners, encoding } of searchMemory(plan, patternOf(form, needle))) {
        if (encoding === 'utf-16le') continue;
        for (const { pid, address } of owners) hits.set(pid, [...(hits.get(pid) ?? []), address]);
      }
      for (const { pid } of spaces) {
        facts.check(`process ${pid} ${needle}`, form, addressesIn(truth, pid, needle), (hits.get(pid) ?? []).sort(ascending));
      }
    }
  }
});

function patternOf(form: (typeof forms)[number], text: string): SearchPattern {
  if (form === 'literal') return { kind: 'literal', text, ignoreCase: false };
  return { kind: 'regex', expression: new RegExp(text.replace(/[^A-Za-z0-9]/g, '\\$&')) };
}

function addressesIn({ processes }: Truth, pid: number, needle: string): bigint[] {
  const listed = processes.filter(({ ns_pid }) => ns_pid === pid).flatMap((process) => process.needles ?? []);
  return listed.filter((each) => each.needle === needle).map(({ vaddr }) => BigInt(`0x${vaddr}`)).sort(ascending);
}
