import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAll } from '@icecore/bytes';
import { fileSource } from './index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'icecore-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(bytes: Uint8Array | string, name = 'file'): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

describe('a file as a source', () => {
  it('gives the ranges that are asked for', async () => {
    const source = await fileSource(file('0123456789'));
    const target = new Uint8Array(3);
    await source.readInto(target, 5);
    expect(source.size).toBe(10);
    expect(new TextDecoder().decode(await source.read(2, 5))).toBe('234');
    expect(new TextDecoder().decode(target)).toBe('567');
    expect(await source.read(10, 10)).toEqual(new Uint8Array());
    await source.close();
  });

  it('counts what it reads', async () => {
    const source = await fileSource(file('0123456789'));
    expect([source.reads, source.bytesRead]).toEqual([0, 0]);
    await source.read(0, 4);
    await source.readInto(new Uint8Array(6), 4);
    expect([source.reads, source.bytesRead]).toEqual([2, 10]);
    await source.close();
  });

  it.each([[-1, 1], [0, 11], [11, 11], [5, 4], [0.5, 1], [0, Number.NaN]])('refuses %d to %d of ten bytes', async (start, end) => {
    const source = await fileSource(file('0123456789'));
    await expect(source.read(start, end)).rejects.toMatchObject({ name: 'DamageError', code: 'truncated' });
    await source.close();
  });

  it('refuses to fill more than there is', async () => {
    const source = await fileSource(file('0123456789'));
    await expect(source.readInto(new Uint8Array(4), 7)).rejects.toMatchObject({ code: 'truncated' });
    await source.close();
  });

  it('says where a file ends that was cut after it was opened', async () => {
    const path = file('0123456789');
    const source = await fileSource(path);
    truncateSync(path, 4);
    await expect(source.read(2, 8)).rejects.toMatchObject({ code: 'truncated', place: { entry: path, offset: 4 } });
    expect(new TextDecoder().decode(await source.read(0, 4))).toBe('0123');
    await source.close();
  });

  it('does not see what is added after it was opened', async () => {
    const path = file('0123');
    const source = await fileSource(path);
    appendFileSync(path, '4567');
    expect(new TextDecoder().decode(await readAll(source))).toBe('0123');
    await source.close();
  });

  it('follows a link to a file', async () => {
    symlinkSync(file('linked'), join(folder, 'link'));
    const source = await fileSource(join(folder, 'link'));
    expect(source.size).toBe(6);
    await source.close();
  });

  it('gives nothing after it was closed, and may be closed twice', async () => {
    const source = await fileSource(file('0123'));
    await source.close();
    await source.close();
    await expect(source.read(0, 1)).rejects.toThrow('read after it was closed');
  });

  it('says that there is no such file', async () => {
    await expect(fileSource(join(folder, 'none'))).rejects.toMatchObject({ code: 'missing', place: { entry: join(folder, 'none') } });
  });

  it('refuses a directory', async () => {
    await expect(fileSource(folder)).rejects.toMatchObject({ code: 'unsupported', reason: 'is a directory, not a regular file' });
  });

  it('refuses a FIFO, and does not wait for its writer', async () => {
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    await expect(fileSource(join(folder, 'fifo'))).rejects.toMatchObject({ code: 'unsupported', reason: 'is a FIFO, not a regular file' });
  });

  it('refuses a device', async () => {
    await expect(fileSource('/dev/null')).rejects.toMatchObject({ code: 'unsupported', reason: 'is a character device, not a regular file' });
  });

  it('refuses a socket', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(join(folder, 'socket'), resolve));
    const opened = await fileSource(join(folder, 'socket')).catch((error: unknown) => error);
    await new Promise((resolve) => server.close(resolve));
    expect(opened).toMatchObject({ code: 'unsupported' });
  });
});
