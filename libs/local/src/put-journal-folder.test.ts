import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rememberedUpload, rememberUpload } from '@icecore/evidence';
import { putJournalFolder } from './index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'icecore-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const key = 'clusters/a1/prod/2026-03-01/c1/manifest.json';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function names(prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const name of putJournalFolder(folder).names(prefix)) found.push(name);
  return found;
}

describe('a journal of puts in a folder', () => {
  it('keeps records for its owner only, and forgets a capture as a whole', async () => {
    const journal = putJournalFolder(folder);
    await journal.write(key, bytes('one'));
    await journal.write(key, bytes('two'));
    await journal.write(`${key}~stored`, bytes('{}'));
    await journal.write('clusters/a1/prod/2026-03-01/c2/manifest.json', bytes('other'));
    expect(Buffer.from((await journal.read(key))!).toString()).toBe('two');
    expect(statSync(join(folder, key)).mode & 0o777).toBe(0o600);
    expect(await names('clusters/a1/prod/2026-03-01/c1/')).toEqual([key, `${key}~stored`]);
    await journal.forget('clusters/a1/prod/2026-03-01/c1/');
    expect(await names('')).toEqual(['clusters/a1/prod/2026-03-01/c2/manifest.json']);
    expect(await journal.read(key)).toBeUndefined();
    await journal.forget(key);
  });

  it('remembers the steps of an upload, of which a crash cut the last', async () => {
    const journal = putJournalFolder(folder);
    expect(await rememberedUpload(journal, key)).toBeUndefined();
    await rememberUpload(journal, key, { begun: 'old' });
    await rememberUpload(journal, key, { begun: 'u1' });
    await rememberUpload(journal, key, { part: 1, bytes: 5, etag: '"a"', crc64nvme: null });
    appendFileSync(join(folder, `${key}~upload`), '{"part":2,"byt');
    expect(await rememberedUpload(journal, key)).toEqual({ uploadId: 'u1', parts: [{ part: 1, bytes: 5, etag: '"a"', crc64nvme: null }], completingAt: undefined });
    await rememberUpload(journal, key, { completingAt: '2026-03-01T10:00:00.000Z' });
    expect(await rememberedUpload(journal, key)).toMatchObject({ uploadId: 'u1', completingAt: new Date('2026-03-01T10:00:00.000Z') });
    expect(readFileSync(join(folder, `${key}~upload`), 'utf8').split('\n')).toHaveLength(6);
  });

  it.each(['../x', '/x', 'a/../../x', 'a/.b'])('does not write to %s', async (name) => {
    await expect(putJournalFolder(folder).write(name, bytes('x'))).rejects.toMatchObject({ code: 'refused' });
  });
});
