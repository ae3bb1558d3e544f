import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memorySpool, openArchive } from '@icecore/archive';
import { memorySource } from '@icecore/bytes';
import { encodeParquet, type RowOf, type Table, writeParquet } from '@icecore/lake';
import { redactAssignment, secretKey } from '@icecore/secrets';
import { type ContainerSnapshot, openSnapshot } from '@icecore/snapshot';
import { captureIdOf, snapshotTableDefinitions, snapshotTables } from './index.ts';

const samples = fileURLToPath(new URL('../../../samples/', import.meta.url));
const names = [
  ['podman-attack.tar.zst', 'podman-attack'],
  ['podman-loop.tar.zst', 'podman-loop'],
  ['crio-loop.tar', 'crio-loop'],
  ['checkpoint-loop_lab-counter-2026-11-23T07-26-29Z.tar', 'checkpoint-loop_lab-counter-2026-11-23T07-26-29Z'],
] as const;

const key = secretKey(new Uint8Array(32).fill(7));
type Row = RowOf<Table>;

async function openSample(name: string): Promise<{ snapshot: ContainerSnapshot; sha256: string; size: number }> {
  const bytes = readFileSync(samples + name);
  const options = { spool: memorySpool() };
  const archive = await openArchive(memorySource(bytes), options);
  return { snapshot: await openSnapshot(archive, options), sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
}

async function fillAll(name: string, options = {}): Promise<Map<string, { table: Table; rows: Row[] }>> {
  const { snapshot, sha256, size } = await openSample(name);
  const filled = new Map<string, { table: Table; rows: Row[] }>();
  for (const { table, rows } of snapshotTables(snapshot, { archiveSha256: sha256, archiveBytes: size, archiveName: name }, { key, ...options })) {
    filled.set(table.name, { table, rows: await collected(rows) });
  }
  return filled;
}

async function collected(rows: AsyncIterable<Row>): Promise<Row[]> {
  const list: Row[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

const digests = (filled: Map<string, { table: Table; rows: Row[] }>): [string, string][] =>
  [...filled.values()].map(({ table, rows }) => [table.name, createHash('sha256').update(encodeParquet(table, rows)).digest('hex')]);

interface Truth {
  readonly processes: readonly {
    readonly ns_pid: number;
    readonly ns_ppid: number;
    readonly comm: string;
    readonly exe: string;
    readonly exe_sha256: string;
    readonly cwd: string;
    readonly cmdline: readonly string[];
    readonly environ: readonly string[];
    readonly state: string;
    readonly status: { readonly Uid: string; readonly Gid: string; readonly CapEff: string };
    readonly fds: readonly { readonly fd: number; readonly link: string }[];
    readonly threads: readonly unknown[];
  }[];
}

describe.each(names)('%s', (file, truthName) => {
  const truth: Truth = JSON.parse(readFileSync(`${samples}truth/${truthName}.truth.json`, 'utf8'));
  let filled: Map<string, { table: Table; rows: Row[] }>;
  const rowsOf = (name: string): Row[] => filled.get(name)?.rows ?? [];
  beforeAll(async () => {
    filled = await fillAll(file);
  });

  it('fills every table with rows that Parquet takes, in sorted order', async () => {
    expect([...filled.keys()]).toEqual(snapshotTableDefinitions.map(({ name }) => name));
    for (const { table, rows } of filled.values()) {
      await expect(writeParquet(table, rows, () => Promise.resolve())).resolves.toMatchObject({ rows: rows.length });
    }
  });

  it('gives the same bytes when it is opened and filled again', async () => {
    expect(digests(await fillAll(file))).toEqual(digests(filled));
  });

  it('has the processes that were there', () => {
    const { processes } = truth;
    const rows = new Map(rowsOf('processes').map((row) => [Number(row['pid']), row]));
    expect([...rows.keys()]).toEqual(processes.map(({ ns_pid }) => ns_pid).sort((a, b) => a - b));
    for (const process of processes) {
      const [uid, euid, suid, fsuid] = process.status.Uid.split(/\s+/).map(BigInt);
      expect(rows.get(process.ns_pid)).toMatchObject({
        comm: process.comm,
        ppid: BigInt(process.ns_ppid),
        uid,
        euid,
        suid,
        fsuid,
        gid: BigInt(process.status.Gid.split(/\s+/)[0] ?? ''),
        capabilities_effective_bits: BigInt(`0x${process.status.CapEff}`),
        executable: process.exe.replace(/ \(deleted\)$/, ''),
        executable_deleted: process.exe.endsWith(' (deleted)'),
        cwd: process.cwd,
        arguments: process.cmdline,
        command_line: process.cmdline.join(' '),
        thread_count: process.threads.length,
      });
    }
  });

  it('has the environment that was there, with secrets masked', () => {
    for (const { ns_pid, environ } of truth.processes) {
      const rows = rowsOf('environment').filter(({ pid }) => pid === BigInt(ns_pid));
      expect(rows.map(({ name, value }) => (value === null ? name : `${String(name)}=${String(value)}`))).toEqual(environ.map((variable) => redactAssignment(variable, key)));
    }
  });

  it('has the open files that were there', () => {
    for (const { ns_pid, fds } of truth.processes) {
      const rows = rowsOf('open_files').filter(({ pid }) => pid === BigInt(ns_pid));
      expect(rows.map(({ fd }) => Number(fd))).toEqual(fds.map(({ fd }) => fd).sort((a, b) => a - b));
    }
  });

  it('puts every row under the capture', () => {
    const { sha256, size } = { sha256: createHash('sha256').update(readFileSync(samples + file)).digest('hex'), size: readFileSync(samples + file).length };
    for (const { rows } of filled.values()) {
      for (const row of rows) expect([row.capture_id, row.archive_sha256]).toEqual([captureIdOf(sha256), sha256]);
    }
    expect(rowsOf('captures')).toMatchObject([{ archive_bytes: BigInt(size), archive_name: file, process_count: truth.processes.length }]);
  });

  it('hashes every file whose content the archive holds', () => {
    const held = rowsOf('files').filter(({ type }) => type === 'file');
    expect(held.length).toBeGreaterThan(0);
    expect(held.filter(({ sha256 }) => sha256 === null)).toEqual([]);
    expect(rowsOf('gaps').filter(({ subject }) => String(subject).startsWith('SHA-256'))).toEqual([]);
  });

  it('tells as a gap each hash that the limit does not allow', async () => {
    const limited = await fillAll(file, { maxHashedBytes: 0 });
    const refused = [...(limited.get('files')?.rows ?? []), ...(limited.get('queues')?.rows ?? [])].filter(
      ({ sha256, size, type }) => sha256 === null && size !== 0n && (type === undefined || type === 'file'),
    );
    const told = (limited.get('gaps')?.rows ?? []).filter(({ code, subject }) => code === 'limit' && String(subject).startsWith('SHA-256'));
    expect(refused.length).toBeGreaterThan(0);
    expect(told).toHaveLength(refused.length);
  });

  it('writes unlimited as text, not as a number', () => {
    const unlimited = rowsOf('limits').filter(({ soft_text }) => soft_text === 'unlimited');
    expect(unlimited.length).toBeGreaterThan(0);
    for (const { soft } of unlimited) expect(soft).toBeNull();
  });
});

describe('the attack', () => {
  let filled: Map<string, { table: Table; rows: Row[] }>;
  const rowsOf = (name: string): Row[] => filled.get(name)?.rows ?? [];
  const truth: Truth = JSON.parse(readFileSync(`${samples}truth/podman-attack.truth.json`, 'utf8'));
  beforeAll(async () => {
    filled = await fillAll('podman-attack.tar.zst');
  });

  it.each(truth.processes.filter(({ exe }) => exe.endsWith(' (deleted)')).map(({ exe, exe_sha256 }) => [exe, exe_sha256]))(
    '%s is among the hidden files with the hash it had',
    (exe, sha256) => {
      const path = exe.replace(/ \(deleted\)$/, '');
      expect(rowsOf('files')).toEqual(expect.arrayContaining([expect.objectContaining({ path, change: 'hidden', sha256 })]));
    },
  );

  it('shows which part of memory the archive holds', () => {
    const rows = rowsOf('memory_mappings');
    const stack = rows.find(({ pid, name }) => pid === 1n && name === '[stack]');
    expect(Number(stack?.['present_bytes'])).toBeGreaterThan(0);
    for (const { present_bytes, size } of rows) expect(Number(present_bytes)).toBeLessThanOrEqual(Number(size));
    const total = rows.reduce((sum, { present_bytes }) => sum + Number(present_bytes), 0);
    expect(BigInt(total)).toBeLessThanOrEqual(BigInt(String(rowsOf('captures')[0]?.['page_bytes'])));
  });

  it('names the interfaces and addresses of the dumped namespace', async () => {
    const own = await fillAll('podman-loop.tar.zst');
    expect(own.get('network_interfaces')?.rows).toMatchObject([{ name: 'lo', mtu: 65536n }]);
    expect(own.get('network_addresses')?.rows).toMatchObject([
      { interface: 'lo', address: '127.0.0.1', prefix_length: 8n, family: 'inet', source: 'ifaddr-10.img' },
      { interface: 'lo', address: '::1', prefix_length: 128n, family: 'inet6' },
    ]);
  });

  it('takes addresses from the engine where the namespace is not dumped', async () => {
    expect((await fillAll('crio-loop.tar')).get('network_addresses')?.rows).toMatchObject([{ source: 'engine', family: 'inet', interface: null }]);
  });

  it('lists each socket with who holds it', () => {
    const inodes = new Set(truth.processes.flatMap(({ fds }) => fds.flatMap(({ link }) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [])));
    expect(new Set(rowsOf('sockets').filter(({ pid }) => pid !== null).map(({ inode }) => String(inode)))).toEqual(inodes);
  });
});

describe('captureIdOf', () => {
  it('is the same for the same archive', () => {
    expect(captureIdOf('0123456789abcdef'.repeat(4))).toBe('0123456789abcdef0123456789abcdef');
  });
  it.each(['', 'abc', 'A'.repeat(64), '../'.repeat(21)])('refuses %j', (hash) => {
    expect(() => captureIdOf(hash)).toThrow('SHA-256');
  });
});
