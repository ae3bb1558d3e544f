import type { CheckpointArchive } from '@icecore/archive';
import { readInto } from '@icecore/bytes';
import { blockBytes, blockScanner, marginBytes, type ScanHit, type Stretch } from '@icecore/scan';
import { findSecrets, knownSecrets, type SecretKey, secretRanges } from '@icecore/secrets';
import { type ContainerSnapshot, valuesOf } from '@icecore/snapshot';
import { readJsonEntry } from '../metadata.ts';
import { isSearchable, keyNeedles, type Needle, textNeedles } from './needles.ts';
import type { Edit, RemovedThing } from './removed.ts';
import type { TarDocument } from './tar-document.ts';

/** What is to go: things, the bytes to look for, and places that are known without looking. */
export interface Collected {
  readonly items: RemovedThing[];
  readonly needles: Needle[];
  readonly edits: Edit[];
}

const scheduleBytes = { 'aes-128': 176, 'aes-192': 208, 'aes-256': 240 } as const;
const keyBytes = { 'aes-128': 16, 'aes-192': 24, 'aes-256': 32 } as const;

/** Finds secrets by their form in all bytes of the archive, and by the name of the variable that holds them. */
export async function collectSecrets(documents: readonly TarDocument[], archive: CheckpointArchive, snapshot: ContainerSnapshot, key: SecretKey, into: Collected, onProgress: (doneBytes: number) => void): Promise<void> {
  const collector = secretCollector(key, into);
  for (const value of knownSecrets(await assignmentsOf(archive, snapshot))) collector.text(value, findSecrets(value)[0]?.rule.id ?? 'named_secret');
  let done = 0;
  for (const document of documents) {
    for await (const { hits, dropped, start, end } of scanned(document, key)) {
      for (const hit of hits) await collector.hit(document, hit);
      // A block with more secrets of a kind than the scanner lists is looked at by itself.
      if (dropped) await collector.block(document, start, end);
      onProgress(done + end);
    }
    done += document.source.size;
  }
}

interface ScannedBlock {
  readonly hits: readonly ScanHit[];
  readonly dropped: boolean;
  readonly start: number;
  readonly end: number;
}

/** Scans a plain tar as one run of bytes: what crosses from one entry to another is nothing, and what is in one is found. */
export async function* scanned({ name, source }: TarDocument, key: SecretKey): AsyncGenerator<ScannedBlock> {
  const stretch: Stretch = {
    length: source.size,
    pageBytes: 4096,
    subject: name === '' ? 'the archive' : name,
    placeOf: (offset) => ({ kind: 'file', origin: 'archive', path: name, entry: name, offset, pids: [] }),
    read: (target, offset) => readInto(source, target, offset),
  };
  const scanner = blockScanner({ key });
  for (let start = 0; start < source.size; start += blockBytes) {
    const end = Math.min(source.size, start + blockBytes);
    const { hits, dropped } = await scanner.scan({ stretch, start, end });
    yield { hits, dropped: dropped > 0, start, end };
  }
}

/** The bytes of a secret that the scanner found. */
export async function secretBytes({ source }: TarDocument, hit: ScanHit): Promise<{ readonly start: number; readonly end: number; readonly bytes: Uint8Array } | undefined> {
  if (hit.place.kind !== 'file') return undefined;
  const length = hit.kind === 'secret' ? hit.byteLength : hit.kind === 'key_schedule' ? scheduleBytes[hit.algorithm] : 0;
  const start = hit.place.offset;
  const end = Math.min(source.size, start + length);
  return length === 0 ? undefined : { start, end, bytes: await source.read(start, end) };
}

function secretCollector(key: SecretKey, { items, needles, edits }: Collected) {
  const itemOf = new Map<string, number>();
  const known = new Set<string>();
  const itemAt = (rule: string, hmac: string): number => {
    const id = hmac;
    const before = itemOf.get(id);
    if (before !== undefined) return before;
    itemOf.set(id, items.length);
    items.push({ kind: 'secret', rule, hmac });
    return items.length - 1;
  };
  const add = (value: string, item: number): void => {
    if (known.has(value) || !isSearchable(value)) return;
    known.add(value);
    needles.push(...textNeedles(value, item));
    if (value.includes('-----BEGIN')) needles.push(...keyNeedles(value, item));
  };
  return {
    text: (value: string, rule: string): void => add(value, itemAt(rule, key.hmac(value))),
    async hit(document: TarDocument, hit: ScanHit): Promise<void> {
      const found = await secretBytes(document, hit);
      if (found === undefined) return;
      const { start, end, bytes } = found;
      if (hit.kind === 'key_schedule') {
        const item = itemAt(hit.algorithm, hit.hmac);
        edits.push({ document: document.name, start, end, item, form: 'bytes' });
        needles.push({ bytes: Uint8Array.from(bytes.subarray(0, keyBytes[hit.algorithm])), form: 'bytes', item });
      } else if (hit.kind === 'secret') {
        const item = itemAt(hit.secret.rule, hit.secret.hmac);
        edits.push({ document: document.name, start, end, item, form: hit.encoding === 'ascii' ? 'utf-8' : 'utf-16le' });
        const buffer = Buffer.from(bytes);
        add(hit.encoding === 'ascii' ? buffer.toString('utf8') : buffer.toString('utf16le'), item);
      }
    },
    async block(document: TarDocument, start: number, end: number): Promise<void> {
      const from = Math.max(0, start - marginBytes);
      const bytes = await document.source.read(from, Math.min(document.source.size, end + marginBytes));
      for (const range of secretRanges(bytes)) {
        const value = Buffer.from(bytes.subarray(range.start, range.end));
        const item = itemAt('secret', key.hmac(value.toString('latin1')));
        edits.push({ document: document.name, start: from + range.start, end: from + range.end, item, form: 'utf-8' });
        add(value.toString('utf8'), item);
      }
    },
  };
}

/** `NAME=value` texts of processes and of the metadata: environments, and options of commands. */
async function assignmentsOf(archive: CheckpointArchive, { processes }: ContainerSnapshot): Promise<readonly string[]> {
  const texts = processes.flatMap(({ environment, arguments: words }) => [...valuesOf(environment), ...valuesOf(words)]);
  for (const path of ['config.dump', 'spec.dump', 'status.dump']) texts.push(...textsIn(await readJsonEntry(archive, path)));
  return texts.flatMap((text) => {
    const assignment = /^(?:-{1,2}(?:e|env)=)?([A-Za-z_][\w.-]*=[^]*)$/.exec(text.replace(/^--(?=[\w-]+=)/, ''))?.[1];
    return assignment === undefined ? [] : [assignment];
  });
}

function textsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > 64) return [];
  return Object.values(value).flatMap((each: unknown) => textsIn(each, depth + 1));
}
