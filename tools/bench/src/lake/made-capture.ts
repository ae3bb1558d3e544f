import { type CaptureRow, type Column, type RowOf, type Table } from '@icecore/lake';
import { addressKey, allTables } from '@icecore/tables';
import { type Random, randomOf } from './random.ts';

/** What a few of the captures share, and a hunt looks for. */
export const needles = {
  address: '203.0.113.77',
  domain: 'pool.needle.example',
  sha256: `ee${'0123456789abcdef'.repeat(4)}`.slice(0, 64),
  path: '/var/tmp/.needle/kworkerd',
} as const;

/** One capture in so many has the needles. */
export const needleEvery = 400;

/** A capture as the lake has it: where it is filed, and the rows of its tables. */
export interface MadeCapture {
  readonly captureId: string;
  readonly tenant: string;
  readonly date: string;
  readonly tables: readonly { readonly table: Table; readonly rows: readonly RowOf<Table>[] }[];
}

const clusters = ['prod-eu-1', 'prod-us-1', 'staging-eu-1', 'batch-eu-2'];
const tenants = ['111111111111', '333333333333'];
const namespaces = ['shop', 'payments', 'search', 'ingest', 'kube-system', 'monitoring', 'auth', 'media'];
const programs = ['nginx', 'java', 'python3', 'node', 'postgres', 'redis-server', 'envoy', 'fluent-bit', 'sh', 'sleep'];
const libraries = ['libc.so.6', 'ld-linux-x86-64.so.2', 'libssl.so.3', 'libcrypto.so.3', 'libz.so.1', 'libpthread.so.0', 'libstdc++.so.6', 'libm.so.6'];
const variables = ['PATH', 'HOME', 'HOSTNAME', 'LANG', 'TERM', 'KUBERNETES_SERVICE_HOST', 'KUBERNETES_PORT', 'POD_IP', 'JAVA_OPTS', 'NODE_ENV', 'LOG_LEVEL', 'DATABASE_HOST'];
const words = ['api', 'cdn', 'metrics', 'auth', 'static', 'registry', 'logs', 'queue', 'cache', 'search'];
/** The day of the first captures; the others follow in the fourteen days from it. */
const firstDay = Date.parse('2026-03-01T00:00:00Z');
const days = 14;

const tableNamed = new Map(allTables.map((table) => [table.name, table]));

/** Capture number `index` of a lake that is made: the same for the same number. */
export function madeCapture(index: number): MadeCapture {
  const random = randomOf(index * 7919 + 17);
  const captureId = random.hex(32);
  const takenAt = new Date(firstDay + Math.floor(random.next() * days * 86_400_000));
  const program = random.pick(programs);
  const namespace = random.pick(namespaces);
  const capture: CaptureRow = {
    capture_id: captureId, captured_at: takenAt, cluster: random.pick(clusters), node: `node-${random.between(1, 60)}`, namespace, pod: `${program}-${random.hex(8)}`, container: program,
    container_id: random.hex(64), image: `registry.example/${namespace}/${program}:${random.between(1, 9)}.${random.between(0, 20)}`, archive_sha256: captureId + random.hex(32),
  };
  const marked = index % needleEvery === 0;
  const tables = Object.entries(rowsOf(random, program, marked)).flatMap(([name, rows]) => {
    const table = tableNamed.get(name);
    if (table === undefined) throw new TypeError(`there is no table ${name}`);
    return rows.length === 0 ? [] : [{ table, rows: rows.map((row) => ({ ...blankOf(table), ...row, ...capture })) }];
  });
  return { captureId, tenant: random.pick(tenants), date: takenAt.toISOString().slice(0, 10), tables };
}

type Values = Readonly<Record<string, RowOf<Table>[string]>>;

function rowsOf(random: Random, program: string, marked: boolean): Readonly<Record<string, readonly Values[]>> {
  const pids = Array.from({ length: random.between(3, 14) }, (_, at) => BigInt(1 + at * random.between(1, 7)));
  const many = (least: number, most: number, make: (at: number) => Values): Values[] => Array.from({ length: random.between(least, most) }, (_, at) => make(at));
  return {
    captures: [{ engine: 'containerd', incremental: false, image_count: 60, process_count: pids.length, thread_count: pids.length * 4, socket_count: 12, mount_count: 24, network_dumped: true, command: [program] }],
    processes: pids.map((pid, at) => processRow(random, pid, at === 0 ? program : random.pick(programs), marked && at === 1)),
    sockets: many(4, 24, (at) => socketRow(random, at, random.pick(pids), marked && at === 1)),
    files: many(20, 80, (at) => fileRow(random, marked && at === 1)),
    open_files: many(20, 60, (at) => ({ pid: random.pick(pids), fd: BigInt(at), file_id: BigInt(at), type: 'REG', name: `/usr/lib/${random.pick(libraries)}`, deleted: false, close_on_exec: true })),
    memory_mappings: pids.flatMap((pid) => libraries.flatMap((library, at) => [mappingRow(random, pid, library, at, 'r-xp'), mappingRow(random, pid, library, at, 'rw-p')])),
    environment: pids.flatMap((pid) => variables.map((name, position) => ({ pid, position, name, value: `${name.toLowerCase()}-${random.between(1, 500)}` }))),
    indicators: indicatorRows(random, pids, marked),
    findings: many(0, 5, (at) => findingRow(random, at, random.pick(pids))).concat(marked ? [findingRow(random, 9, 1n, `process 1 is connected to ${needles.address} port 4444`)] : []),
    shell_history: random.next() < 0.2 ? many(3, 20, () => ({ pid: random.pick(pids), command: `kubectl get pods -n ${random.pick(namespaces)} ${random.between(1, 9999)}`, found_in: 'memory', subject: 'heap', source: 'pages-1.img' })) : [],
  };
}

function processRow(random: Random, pid: bigint, comm: string, marked: boolean): Values {
  const executable = marked ? needles.path : `/usr/bin/${comm}`;
  return {
    pid, ppid: pid === 1n ? 0n : 1n, pgid: pid, sid: 1n, tree_depth: pid === 1n ? 0 : 1, comm: comm.slice(0, 15), state: 'sleeping', arguments: [comm, '--config', `/etc/${comm}/${comm}.conf`, `--id=${random.between(1, 99_999)}`],
    command_line: marked ? `${executable} -o stratum+tcp://${needles.domain}:3333` : `${comm} --config /etc/${comm}/${comm}.conf --id=${random.between(1, 99_999)}`, arguments_state: 'whole', environment_state: 'whole',
    executable, executable_deleted: marked, executable_type: 'REG', executable_build_id: buildIdOf(comm), executable_size: 1_000_000n + BigInt(random.between(0, 999)), cwd: '/', root: '/', uid: 1000n, gid: 1000n, euid: 1000n, egid: 1000n,
    capabilities_effective: ['CAP_CHOWN', 'CAP_NET_BIND_SERVICE'], capabilities_effective_bits: 1025n, seccomp_mode: 'filter', thread_count: random.between(1, 40), child_subreaper: false,
  };
}

function socketRow(random: Random, at: number, pid: bigint, marked: boolean): Values {
  const [local, remote] = [`10.${random.between(0, 3)}.${random.between(0, 255)}.${random.between(1, 254)}`, marked ? needles.address : `10.${random.between(0, 3)}.${random.between(0, 255)}.${random.between(1, 254)}`];
  return {
    file_id: BigInt(at), pid, fd: BigInt(at + 3), family: 'AF_INET', type: 'SOCK_STREAM', protocol: 'IPPROTO_TCP', state: at % 4 === 0 ? 'LISTEN' : 'ESTABLISHED', local_address: local, local_port: BigInt(random.between(1024, 65_535)),
    remote_address: remote, remote_port: BigInt(random.pick([443, 5432, 6379, 9092, 4444])), local_address_key: addressKey(local), remote_address_key: addressKey(remote), inode: BigInt(random.between(1, 9_999_999)), filter_instructions: 0n, network_namespace: 10n,
  };
}

function fileRow(random: Random, marked: boolean): Values {
  return {
    path: marked ? needles.path : `/${random.pick(['tmp', 'var/log', 'var/cache', 'run', 'app/data'])}/${random.pick(words)}-${random.hex(6)}`, origin: 'rootfs', source: 'rootfs-diff.tar', change: 'present', type: 'file', size: BigInt(random.between(0, 1_000_000)),
    mode: 33_188n, mode_text: '-rw-r--r--', uid: 0n, gid: 0n, modified_at: new Date(firstDay + random.between(0, 86_400_000)), sha256: marked ? needles.sha256 : random.hex(64),
  };
}

function mappingRow(random: Random, pid: bigint, library: string, at: number, permissions: string): Values {
  const start = 0x7f00_0000_0000n + BigInt(at) * 0x20_0000n + (permissions === 'rw-p' ? 0x10_0000n : 0n);
  const digits = (address: bigint): string => address.toString(16).padStart(16, '0');
  const size = BigInt(random.between(1, 200)) * 4096n;
  return { pid, start_hex: digits(start), start, end_hex: digits(start + size), end: start + size, size, permissions, flags: ['MAP_PRIVATE'], status: ['VMA_AREA_REGULAR'], name: `/usr/lib/${library}`, file_id: BigInt(at), file_type: 'REG', file_deleted: false, build_id: buildIdOf(library), file_offset: 0n, present_bytes: size / 2n, parent_bytes: 0n };
}

function indicatorRows(random: Random, pids: readonly bigint[], marked: boolean): Values[] {
  const row = (type: string, value: string): Values => ({ type, value, address_key: type === 'ipv4' ? addressKey(value) : null, occurrence_count: BigInt(random.between(1, 40)), pids: [String(random.pick(pids))], encodings: ['utf-8'], found_in: 'memory', subject: 'heap', pid: random.pick(pids), source: 'pages-1.img', source_offset: BigInt(random.between(0, 99_999_999)) });
  const plain = Array.from({ length: random.between(20, 90) }, () => {
    const name = `${random.pick(words)}.${random.pick(words)}-${random.between(1, 800)}.example`;
    const kind = random.between(0, 3);
    if (kind === 0) return row('ipv4', `10.${random.between(0, 3)}.${random.between(0, 255)}.${random.between(1, 254)}`);
    if (kind === 1) return row('domain', name);
    if (kind === 2) return row('url', `https://${name}/v${random.between(1, 3)}/${random.hex(8)}`);
    return row('sha256', random.hex(64));
  });
  return marked ? [...plain, row('ipv4', needles.address), row('domain', needles.domain), row('url', `http://${needles.address}/stage2.sh`), row('sha256', needles.sha256)] : plain;
}

function findingRow(random: Random, at: number, pid: bigint, told?: string): Values {
  const severity = random.between(1, 5);
  return {
    finding_id: random.hex(32), detector: `detector-${random.between(1, 70)}`, detector_version: 1, signal: `S${random.between(1, 70)}`, title: 'A program that was not in the image', summary: told ?? `process ${pid} runs a program that its image did not have, number ${at}`,
    severity: ['informational', 'low', 'medium', 'high', 'critical'][severity - 1] ?? 'low', severity_id: severity, confidence: 'medium', category: 'attack', techniques: ['T1105'], tactics: ['command-and-control'], attack_version: '19', pid, facts: { path: `/tmp/${random.hex(8)}` }, false_positives: 'A package that was installed at run time.',
  };
}

/** The same library has the same build id everywhere, as in a fleet. */
function buildIdOf(name: string): string {
  return randomOf([...name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7)).hex(40);
}

const blanks = new Map<string, Values>();

/** A row with nothing in it: NULL where that may be, else what stands for nothing. */
function blankOf({ name, columns }: Table): Values {
  const known = blanks.get(name) ?? Object.fromEntries(Object.entries(columns).map(([column, definition]) => [column, blank(definition)]));
  blanks.set(name, known);
  return known;
}

function blank({ kind, nullable }: Column): Values[string] {
  if (nullable) return null;
  const nothing: Readonly<Record<Column['kind'], Values[string]>> = { text: '', integer: 0, bigint: 0n, double: 0, boolean: false, timestamp: new Date(0), json: {}, text_list: [], struct_list: [] };
  return nothing[kind];
}
