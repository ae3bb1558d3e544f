import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type CaseDetails, type CaseRecord, caseSchema } from '../contract/case.ts';
import { RequestError } from './errors.ts';

/** Most bytes of a case file that are read. */
const maxCaseBytes = 64 * 2 ** 20;

/** What people write about the captures, in one file beside the lake. Changes come one after the other. */
export interface CaseFile {
  readonly path: string;
  read(): Promise<CaseRecord>;
  change(step: (record: CaseRecord) => CaseRecord): Promise<CaseRecord>;
}

const empty: CaseRecord = { version: 1, title: '', status: 'open', assignee: '', notes: [], suppressions: [], queries: [], watches: [], seen: [] };

/** A case in a JSON file, which is made at the first change and which its owner alone may read. */
export function caseFile(path: string): CaseFile {
  let last: Promise<unknown> = Promise.resolve();
  const read = async (): Promise<CaseRecord> => {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return empty;
    if (text.length > maxCaseBytes) throw new RequestError('too_large', `${path} is larger than any case file of icecore.`);
    const parsed = caseSchema.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    throw new RequestError('refused', `${path} is no case file of icecore, and is left as it is.`);
  };
  const write = async (record: CaseRecord): Promise<void> => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const temporary = `${path}.${randomUUID()}`;
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(record, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  };
  return {
    path,
    read,
    change(step) {
      const next = last.then(async () => {
        const changed = caseSchema.parse(step(await read()));
        await write(changed);
        return changed;
      });
      last = next.catch(() => undefined);
      return next;
    },
  };
}

/** What every entry of a case has besides what a person wrote. */
export function stamp(by: string): { readonly id: string; readonly at: string; readonly by: string } {
  return { id: randomUUID(), at: new Date().toISOString(), by };
}

export function withDetails(record: CaseRecord, details: CaseDetails): CaseRecord {
  return { ...record, ...details };
}

/** The record without the entry of an id. */
export function without(record: CaseRecord, kind: 'notes' | 'suppressions' | 'queries' | 'watches', id: string): CaseRecord {
  if (!record[kind].some((entry) => entry.id === id)) throw new RequestError('unknown', 'There is no such entry in the case; somebody may have removed it.');
  return { ...record, [kind]: record[kind].filter((entry) => entry.id !== id) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
