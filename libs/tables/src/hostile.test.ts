import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memorySpool, openArchive } from '@icecore/archive';
import { type ByteSource, DamageError, memorySource } from '@icecore/bytes';
import { encodeParquet, type RowOf, type Table } from '@icecore/lake';
import { imageFolder } from '@icecore/memory';
import { secretKey } from '@icecore/secrets';
import { type ContainerSnapshot, type HiddenFile, openSnapshot, type Socket } from '@icecore/snapshot';
import { maxPeerCount, snapshotTables } from './index.ts';

const sample = fileURLToPath(new URL('../../../samples/podman-loop.tar.zst', import.meta.url));
const route = fileURLToPath(new URL('../../linux/src/fixtures/route.img', import.meta.url));
type Row = RowOf<Table>;

/** A real snapshot with parts of it changed: the tables see what a hostile archive could make of it. */
async function fill(change: (snapshot: ContainerSnapshot) => Partial<ContainerSnapshot>): Promise<(table: string) => Row[]> {
  const options = { spool: memorySpool() };
  const snapshot = await openSnapshot(await openArchive(memorySource(readFileSync(sample)), options), options);
  const filled = new Map<string, Row[]>();
  for (const { table, rows } of snapshotTables({ ...snapshot, ...change(snapshot) }, { archiveSha256: '0'.repeat(64), archiveBytes: 1 }, { key: secretKey(new Uint8Array(32)) })) {
    const list: Row[] = [];
    for await (const row of rows) list.push(row);
    expect(encodeParquet(table, list).length).toBeGreaterThan(0);
    filled.set(table.name, list);
  }
  return (name) => filled.get(name) ?? [];
}

const hidden = (path: string, source: ByteSource): HiddenFile => ({
  kind: 'deleted',
  path,
  size: source.size,
  uid: 0,
  gid: 0,
  mode: 0o100644,
  modifiedAt: 1,
  owners: [],
  source,
  place: { image: 'ghost-file-1.img' },
});

const socket = (fileId: number, more: Partial<Socket>): Socket => ({
  fileId,
  inode: fileId + 1000,
  family: 'AF_INET',
  type: 'SOCK_STREAM',
  protocol: 'IPPROTO_TCP',
  state: 'ESTABLISHED',
  local: undefined,
  remote: undefined,
  path: undefined,
  peerInode: undefined,
  backlog: 0,
  receiveQueue: { bytes: 0, messages: [] },
  sendQueue: { bytes: 0, messages: [] },
  options: { boundDevice: undefined, filterInstructions: 0, mark: undefined, promiscuous: false, shutdown: undefined },
  namespaceId: 10,
  ...more,
});

describe('evidence that does not fit', () => {
  it('becomes NULL and a gap where a number is above 64 bits with a sign', async () => {
    const rows = await fill(({ processes }) => ({
      processes: processes.map((process) => ({
        ...process,
        limits: [{ name: 'RLIMIT_CPU', soft: 2n ** 64n - 2n, hard: 2n ** 64n - 1n }],
        mappings: process.mappings.slice(-1).map((mapping) => ({ ...mapping, start: 0xffffffffff600000n, end: 2n ** 64n - 1n, offset: 2n ** 64n - 1n })),
      })),
    }));
    expect(rows('limits')[0]).toMatchObject({ soft: null, soft_text: '18446744073709551614', hard: null, hard_text: 'unlimited' });
    expect(rows('memory_mappings')[0]).toMatchObject({ start_hex: 'ffffffffff600000', start: null, file_offset: null });
    const told = rows('gaps').map(({ subject }) => subject);
    expect(told).toEqual(expect.arrayContaining(['soft of limits 1 0', 'file_offset of memory_mappings 1 ffffffffff600000']));
    expect(told).not.toContain('hard of limits 1 0');
  });

  it('has no hash where content is damaged, and the other files keep theirs', async () => {
    const damaged: ByteSource = { size: 10, read: () => Promise.reject(new DamageError('truncated', 'bytes are cut off', { offset: 7 })) };
    const rows = await fill(() => ({ hiddenFiles: () => Promise.resolve([hidden('/bad', damaged), hidden('/good', memorySource(new Uint8Array(0)))]) }));
    const hashes = new Map(rows('files').map(({ path, sha256 }) => [path, sha256]));
    expect(hashes.get('/bad')).toBeNull();
    expect(hashes.get('/good')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(rows('gaps')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'truncated', subject: 'SHA-256 of /bad', criu_image: 'ghost-file-1.img', image_offset: 7n, reason: 'bytes are cut off' }),
      ]),
    );
  });

  it('is not read at all where its size is a lie', async () => {
    const endless: ByteSource = { size: 2 ** 62, read: () => Promise.reject(new Error('was read')) };
    const rows = await fill(() => ({ hiddenFiles: () => Promise.resolve([hidden('/endless', endless)]) }));
    expect(rows('files').find(({ path }) => path === '/endless')).toMatchObject({ sha256: null, size: 2n ** 62n });
    expect(rows('gaps')).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'limit', subject: 'SHA-256 of /endless' })]));
  });

  it('tells what is wrong with arguments that are not in the archive', async () => {
    const rows = await fill(({ processes }) => ({
      processes: processes.map((process) => ({ ...process, arguments: { state: 'unavailable', reason: 'memory is in file' } as const })),
    }));
    expect(rows('processes')[0]).toMatchObject({ arguments: [], arguments_state: 'unavailable' });
    expect(rows('gaps')).toEqual(expect.arrayContaining([expect.objectContaining({ subject: 'arguments of process 1', reason: 'memory is in file' })]));
  });
});

describe('sockets', () => {
  const ends = [
    { address: '127.0.0.1', port: 1 },
    { address: '127.0.0.1', port: 2 },
  ] as const;
  const held = (snapshot: ContainerSnapshot, fileIds: readonly number[]): Pick<ContainerSnapshot, 'processes'> => ({
    processes: snapshot.processes.map((process, i) => ({
      ...process,
      descriptors: i > 0 ? [] : process.descriptors.slice(0, 1).flatMap((like) => fileIds.map((fileId, fd) => ({ ...like, fd, fileId }))),
    })),
  });

  it.each([
    ['by inode', { family: 'UNIX', path: '', inode: 1, peerInode: 2 }, { family: 'UNIX', path: '', inode: 2, peerInode: 1 }],
    ['by both addresses', { local: ends[0], remote: ends[1] }, { local: ends[1], remote: ends[0] }],
  ])('find their other end %s', async (_, one, other) => {
    const rows = await fill((snapshot) => ({ ...held(snapshot, [70, 71]), sockets: [socket(71, other), socket(70, one)] }));
    expect(rows('sockets')).toMatchObject([
      { file_id: 70n, pid: 1n, fd: 0n, peers: [{ pid: 1n, fd: 1n }] },
      { file_id: 71n, pid: 1n, fd: 1n, peers: [{ pid: 1n, fd: 0n }] },
    ]);
    for (const { family } of rows('sockets')) expect(family).toMatch(/^AF_(UNIX|INET)$/);
  });

  it('have no other end in another network namespace', async () => {
    const sockets = [socket(70, { local: ends[0], remote: ends[1] }), socket(71, { local: ends[1], remote: ends[0], namespaceId: 11 })];
    const rows = await fill((snapshot) => ({ ...held(snapshot, [70, 71]), sockets }));
    expect(rows('sockets')).toMatchObject([{ peers: [] }, { peers: [] }]);
  });

  it('are listed where nobody holds them, and with no more holders of the other end than the limit', async () => {
    const sockets = [socket(70, { path: '', inode: 1, peerInode: 2 }), socket(71, { path: '', inode: 2 })];
    const rows = await fill((snapshot) => ({ ...held(snapshot, Array.from({ length: maxPeerCount + 1 }, () => 71)), sockets }));
    const [lone] = rows('sockets');
    expect(lone).toMatchObject({ file_id: 70n, pid: null, fd: null });
    expect(lone?.['peers']).toHaveLength(maxPeerCount);
    expect(rows('gaps')).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'limit', subject: 'holders of the other end of socket 70' })]));
  });
});

describe('network images', () => {
  it('give routes, and a gap with the image’s name where they are damaged', async () => {
    const bytes = readFileSync(route);
    const images = new Map([
      ['route-10.img', memorySource(bytes)],
      ['route6-10.img', memorySource(bytes.subarray(0, 30))],
    ]);
    const rows = await fill(({ network }) => ({ images: imageFolder(images), network: { ...network, images: [...images.keys()] } }));
    expect(rows('network_routes').length).toBeGreaterThan(0);
    expect(rows('network_routes')).toEqual(expect.arrayContaining([expect.objectContaining({ criu_image: 'route-10.img', destination: 'default' })]));
    expect(rows('gaps')).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'truncated', criu_image: 'route6-10.img' })]));
  });
});

describe('secrets', () => {
  it('are in no row of any table, wherever the evidence has them', async () => {
    const password = 'Tr0ub4dor-9x!';
    const token = `dop_v1_${'0a1b2c3d4e5f6978'.repeat(4)}`;
    const tables = ['captures', 'processes', 'environment', 'open_files', 'mounts', 'files', 'gaps', 'sockets'];
    const rows = await fill((snapshot) => ({
      container: { ...snapshot.container, command: ['server', '--password', password], labels: new Map([['db-password', password]]), annotations: new Map([['note', `see ${token}`]]) },
      processes: snapshot.processes.map((process) => ({
        ...process,
        arguments: { state: 'captured', values: ['mysql', '--password', password, `--url=redis://:${password}@cache/0`, token] } as const,
        environment: { state: 'captured', values: [`DB_PASSWORD=${password}`, `NOTE=${token}`, 'EMPTY', 'PATH=/bin'] } as const,
        descriptors: process.descriptors.map((descriptor) => ({ ...descriptor, file: { ...descriptor.file, name: `/tmp/${token}` } })),
      })),
      mounts: snapshot.mounts.map((mount) => ({ ...mount, source: `//host/${password}`, options: `username=a,password=${password}` })),
      sockets: [socket(70, { family: 'UNIX', path: `/run/${token}.sock` })],
      gaps: [{ code: 'missing' as const, subject: `file ${token}`, reason: `no ${password}`, place: {} }],
      hiddenFiles: () => Promise.resolve([hidden(`/home/${password}`, memorySource(new Uint8Array(0)))]),
    }));
    const all = tables.map((name) => JSON.stringify(rows(name), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).join('\n');
    expect(all).not.toContain(password);
    expect(all).not.toContain(token);
    expect(all.match(/‹secret:[a-z_]+:[0-9a-f]{8}›/g)?.length).toBeGreaterThan(10);
    expect(rows('environment').slice(0, 4).map(({ name, value, secret_type }) => [name, String(value).slice(0, 8), secret_type])).toEqual([
      ['DB_PASSWORD', '‹secret:', 'named_secret'],
      ['NOTE', '‹secret:', 'digitalocean_token'],
      ['EMPTY', 'null', null],
      ['PATH', '/bin', null],
    ]);
  });
});
