import { bytesToHex, hex } from '@icecore/bytes';
import { scanPlan, type SearchHit, searchMemory, type SearchPattern } from '@icecore/memory';
import type { Process } from '@icecore/snapshot';
import { command, UsageError } from '../command.ts';
import { evidenceOptions, openEvidence, processOf, reportDamage } from '../evidence.ts';
import { exitCodes } from '../exit-codes.ts';
import { maskedBytes } from '../masking.ts';
import { shown } from '../render/text-table.ts';

/** `icecore search`: where a pattern is in the memory of the container. */
export const search = command({
  name: 'search',
  summary: 'Search the captured memory of all processes for text (UTF-8 and UTF-16), bytes or a regular expression.',
  arguments: 'ARCHIVE PATTERN',
  count: [2, 2],
  options: {
    regex: { type: 'boolean', short: 'e', summary: 'PATTERN is a regular expression (ECMAScript)' },
    hex: { type: 'boolean', short: 'x', summary: 'PATTERN is bytes in hex: 7f454c46' },
    'ignore-case': { type: 'boolean', short: 'i', summary: 'upper and lower case letters are the same (ASCII)' },
    pid: { type: 'string', value: 'PID', summary: 'only this process' },
    context: { type: 'string', value: 'BYTES', short: 'C', summary: 'bytes to show on either side (default 24)' },
    count: { type: 'boolean', short: 'c', summary: 'only the number of hits' },
    json: { type: 'boolean', summary: 'as JSON, one object a hit' },
    ...evidenceOptions,
  },
  examples: [
    ['icecore search samples/podman-attack.tar.zst AKIA', 'who has an AWS key, and where'],
    ["icecore search -e samples/podman-attack.tar.zst 'stratum\\+tcp://[^ ]+'", 'mining pools'],
  ],
  async run({ arguments: [path = '', text = ''], options, terminal }) {
    const pattern = patternOf(text, options);
    const contextBytes = numberOf(options.context ?? '24', '--context');
    await using evidence = await openEvidence(path, options.parent, terminal);
    const { snapshot } = evidence;
    const processes = options.pid === undefined ? snapshot.processes : [processOf(snapshot, options.pid)];
    const spans = scanPlan(processes.flatMap(({ memory }) => memory ?? []));
    const total = spans.reduce((sum, { length }) => sum + length, 0);
    const onProgress = (done: number): void => terminal.progress(`searching, ${Math.floor((100 * done) / Math.max(1, total))} %`);
    let hits = 0;
    for await (const found of searchMemory(spans, pattern, { contextBytes: options.count === true ? 0 : contextBytes + aroundBytes, onProgress })) {
      const hit = options.count === true ? found : maskedHit(found, contextBytes, pattern.kind !== 'regex');
      for (const owner of hit.owners) {
        if (options.pid !== undefined && String(owner.pid) !== options.pid) continue;
        hits += 1;
        if (options.count === true) continue;
        terminal.progress(undefined);
        const process = snapshot.processes.find(({ pid }) => pid === owner.pid);
        if (options.json === true) await terminal.json(hitJson(hit, owner.address, process));
        else await terminal.line(hitLine(hit, owner.address, process));
      }
    }
    terminal.progress(undefined);
    if (options.count === true) await terminal.line(String(hits));
    const code = reportDamage(snapshot.gaps, terminal);
    return code === exitCodes.done && hits === 0 ? exitCodes.no : code;
  },
});

function patternOf(text: string, options: { readonly regex?: boolean | undefined; readonly hex?: boolean | undefined; readonly 'ignore-case'?: boolean | undefined }): SearchPattern {
  if (text === '') throw new UsageError('needs a PATTERN that is not empty');
  const ignoreCase = options['ignore-case'] === true;
  if (options.hex === true) {
    const digits = text.replace(/^0x|[\s:]/g, '');
    if (!/^([0-9a-fA-F]{2})+$/.test(digits)) throw new UsageError(`${text} is not bytes in hex`);
    return { kind: 'bytes', bytes: new Uint8Array(Buffer.from(digits, 'hex')) };
  }
  if (options.regex !== true) return { kind: 'literal', text, ignoreCase };
  try {
    return { kind: 'regex', expression: new RegExp(text, ignoreCase ? 'gi' : 'g') };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

export function numberOf(text: string, what: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(`${what} takes a whole number, not ${text}`);
}

function regionOf(process: Process | undefined, address: bigint): string {
  const mapping = process?.mappings.find(({ start, end }) => start <= address && address < end);
  if (mapping === undefined) return '';
  return `${mapping.permissions} ${mapping.name === '' ? '[anonymous]' : shown(mapping.name)}`;
}

function hitLine(hit: SearchHit, address: bigint, process: Process | undefined): string {
  const text = hit.encoding === 'utf-16le' ? hit.context.filter((_, i) => (i - hit.contextStart) % 2 === 0) : hit.context;
  const printable = Buffer.from(text).toString('latin1').replace(/[^\x20-\x7e]/g, '.');
  const who = process === undefined ? 'nobody' : `${process.pid} ${shown(process.comm)}`;
  return `${who}  ${hex(address)}  ${hit.encoding}  ${regionOf(process, address)}  ${printable}`;
}

/** Bytes beside the context that are looked at for secrets which cross its borders. */
const aroundBytes = 4096;

/** The hit with `contextBytes` on either side, and asterisks for the bytes of secrets; what the user typed is shown. */
function maskedHit(hit: SearchHit, contextBytes: number, typed: boolean): SearchHit {
  const { context, contextStart, length } = hit;
  const clean = Uint8Array.from(maskedBytes(context));
  if (typed) clean.set(context.subarray(contextStart, contextStart + length), contextStart);
  const start = Math.max(0, contextStart - contextBytes);
  return { ...hit, context: clean.subarray(start, contextStart + length + contextBytes), contextStart: contextStart - start };
}

function hitJson(hit: SearchHit, address: bigint, process: Process | undefined) {
  return {
    pid: process?.pid ?? null,
    comm: process?.comm ?? null,
    address: hex(address),
    encoding: hit.encoding,
    length: hit.length,
    region: regionOf(process, address),
    pages_image: hit.pagesImage,
    offset: hit.offset,
    context_hex: bytesToHex(hit.context),
    context_start: hit.contextStart,
  };
}
