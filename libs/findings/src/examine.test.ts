import { DamageError, filledSource } from '@icecore/bytes';
import { changedFileOf, hiddenFileOf, processOf, snapshotOf } from '@icecore/snapshot/test-support';
import { examine, maxExaminedBytes } from './index.ts';

const options = { captureId: 'c', redact: (text: string) => text };
const damaged = filledSource(10, () => Promise.reject(new DamageError('truncated', 'the bytes are not there')));

describe('an examination', () => {
  it('holds the beginning and the hash of changed and of hidden files', async () => {
    const snapshot = snapshotOf({ processes: [processOf(1)] }, [changedFileOf('/etc/passwd', 'abc', { mode: 0o104755 })], [hiddenFileOf('/memfd:x', 'xyz', { owners: [{ pid: 5, as: 'exe' }, { pid: 5, as: 'fd 3' }] })]);
    const { examination, gaps } = await examine(snapshot, options);
    expect(gaps).toEqual([]);
    expect(examination.files.map(({ path, origin, mode, pids, head, sha256 }) => [path, origin, mode, pids, Buffer.from(head).toString(), sha256?.slice(0, 8)])).toEqual([
      ['/memfd:x', 'memfd', 0o777, [5], 'xyz', '3608bca1'],
      ['/etc/passwd', 'rootfs', 0o4755, [], 'abc', 'ba7816bf'],
    ]);
    expect(examination.processes.get(1)?.pid).toBe(1);
  });

  it('holds no more of a large file than its limit, and hashes all of it', async () => {
    const content = 'a'.repeat(3 * maxExaminedBytes + 1);
    const { examination } = await examine(snapshotOf({}, [changedFileOf('/big', content)]), options);
    const [file] = examination.files;
    expect([file?.head.length, file?.size]).toEqual([maxExaminedBytes, content.length]);
    expect(file?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('names a file that cannot be read as a gap, and has the others', async () => {
    const { examination, gaps } = await examine(snapshotOf({}, [changedFileOf('/broken', '', { source: damaged, size: 10 }), changedFileOf('/whole', 'x')]), options);
    expect(gaps).toMatchObject([{ code: 'truncated', subject: 'content of /broken' }]);
    expect(examination.files.map(({ path, head, sha256 }) => [path, head.length, sha256 === undefined])).toEqual([['/broken', 0, true], ['/whole', 1, false]]);
  });
});
