import { tacticsOf, techniqueOf } from '@icecore/findings';
import { asJson, type QueryEngine, type QueryParameter } from '@icecore/lake';
import type { MemoryView } from '@icecore/views';
import { z } from 'zod';
import type { CaptureAnswer, Cell, FindingAnswer } from '../contract/answers.ts';
import { cellOf, fromJson, recordsOf } from './answer.ts';
import { descriptorRow, findingRow, type FindingRow, mappingRow, processRow, socketRow } from './capture-rows.ts';
import { RequestError } from './errors.ts';
import { memoryViewOf } from './memory-views.ts';
import { networkViewOf } from './network-views.ts';
import { processesViewOf } from './process-views.ts';
import { selected, type Source } from './sources.ts';

/** Most processes, and most findings, of a capture that its page names one by one; lists have all. */
const maxProcesses = 2000;
const maxFindings = 500;
const maxSocketRows = 5000;
/** Most mappings of one process that its picture is made of. */
const maxMappings = 70_000;

const processColumns = `pid, ppid, tree_depth, substr(comm, 1, 100) AS comm, state, substr(command_line, 1, 400) AS command_line, length(command_line) AS command_length, substr(executable, 1, 400) AS executable, executable_deleted, executable_type,
  substr(cwd, 1, 400) AS cwd, euid, egid, ${asJson('capabilities_effective')} AS capabilities_effective, seccomp_mode, thread_count, ${asJson('namespaces_shared_with_node')} AS namespaces_shared_with_node, pid_namespace, network_namespace, ipc_namespace, uts_namespace, mount_namespace, user_namespace, cgroup_namespace, time_namespace`;

/** Asks for the rows of one capture. */
function askOf(engine: QueryEngine, captureId: string, signal: AbortSignal) {
  return {
    async rows<Row>(schema: z.ZodType<Row>, sql: string, more: readonly QueryParameter[] = []): Promise<readonly Row[]> {
      const { columns, rows } = await engine.query(sql, [captureId, ...more], { signal });
      return rows.map((row) => schema.parse(Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null]))));
    },
    async records(sql: string, nested?: ReadonlySet<string>): Promise<readonly Readonly<Record<string, Cell>>[]> {
      return recordsOf(await engine.query(sql, [captureId], { signal }), nested);
    },
  };
}

const counted = ['findings', 'processes', 'threads', 'open_files', 'sockets', 'memory_mappings', 'files', 'environment', 'mounts', 'secrets', 'indicators', 'shell_history', 'memory_matches', 'queues', 'gaps'] as const;
const whole = z.union([z.number(), z.bigint()]).transform(Number);

/** What a capture's page shows at once: who, what was found, processes, network, and what could not be seen. */
export async function captureOf(engine: QueryEngine, sources: ReadonlyMap<string, Source>, captureId: string, signal: AbortSignal): Promise<CaptureAnswer> {
  const ask = askOf(engine, captureId, signal);
  const where = 'WHERE capture_id = CAST(? AS varchar)';
  const [captures, incidents, findings, processes, stdio, openFiles, pipes, sockets, gaps, coverage, rows] = await Promise.all([
    ask.records(`SELECT ${columnsOf(sources, 'captures')} FROM captures ${where}`, sources.get('captures')?.nested),
    ask.records(`SELECT ${columnsOf(sources, 'incidents')} FROM incidents ${where} ORDER BY severity_id DESC, incident_id`, sources.get('incidents')?.nested),
    findingsOf(engine, captureId, signal),
    ask.rows(processRow, `SELECT ${processColumns} FROM processes ${where} ORDER BY pid FETCH FIRST ${maxProcesses} ROWS ONLY`),
    ask.rows(descriptorRow, `SELECT pid, fd, substr(name, 1, 300) AS name FROM open_files ${where} AND fd < 3`),
    ask.rows(z.object({ pid: whole, files: whole }), `SELECT pid, count(*) AS files FROM open_files ${where} GROUP BY pid`),
    ask.rows(z.object({ pids: fromJson(z.array(whole)) }), `SELECT ${asJson('array_agg(DISTINCT pid ORDER BY pid)')} AS pids FROM open_files ${where} AND type = 'PIPE' GROUP BY name HAVING count(DISTINCT pid) > 1`),
    ask.rows(socketRow, `SELECT file_id, pid, fd, family, type, protocol, state, local_address, local_port, remote_address, remote_port, receive_queue_bytes, send_queue_bytes, ${asJson('peers')} AS peers FROM sockets ${where} ORDER BY file_id, pid, fd FETCH FIRST ${maxSocketRows} ROWS ONLY`),
    ask.records(`SELECT code, subject, reason, entry, criu_image, image_offset FROM gaps ${where} ORDER BY code <> 'not_captured' DESC, code, subject FETCH FIRST 500 ROWS ONLY`),
    ask.records(`SELECT detector, signal, state, reason, finding_count FROM detector_coverage ${where} ORDER BY state = 'ran', signal`),
    countsOf(engine, captureId, signal),
  ]);
  const [capture] = captures;
  if (capture === undefined) throw new RequestError('unknown', `The lake has no capture ${captureId}.`);
  return {
    capture, incidents, gaps, coverage, rows,
    findings: findings.map(({ finding_id, severity, summary, signal: number, pid }) => ({ finding_id, severity, summary: summary.slice(0, 400), signal: number, pid })),
    processes: processesViewOf({ processes, total: rows['processes'] ?? processes.length, findings, stdio, openFiles: new Map(openFiles.map(({ pid, files }) => [pid, files])), pipes: pipes.map(({ pids }) => pids), sockets }),
    network: networkViewOf(sockets, processes, findings),
  };
}

/** Rows of the capture in each table, by one statement: a lake in the cloud bills each. */
async function countsOf(engine: QueryEngine, captureId: string, signal: AbortSignal): Promise<Readonly<Record<string, number>>> {
  const sql = counted.map((table) => `SELECT '${table}' AS name, count(*) AS amount FROM ${table} WHERE capture_id = CAST(? AS varchar)`).join(' UNION ALL ');
  const answer = recordsOf(await engine.query(sql, counted.map(() => captureId), { signal }));
  return Object.fromEntries(answer.map(({ name, amount }) => [String(name), Number(amount)]).sort(([a], [b]) => counted.findIndex((each) => each === a) - counted.findIndex((each) => each === b)));
}

/** All columns of a table, lists as JSON. */
function columnsOf(sources: ReadonlyMap<string, Source>, table: string): string {
  const source = sources.get(table);
  return source === undefined ? '*' : source.columns.map((column) => selected(source, column)).join(', ');
}

/** Findings in the order by which a page numbers them. */
async function findingsOf(engine: QueryEngine, captureId: string, signal: AbortSignal): Promise<readonly FindingRow[]> {
  const found = await askOf(engine, captureId, signal).rows(
    z.object({ ...findingRow.omit({ pids: true, addresses: true }).shape, evidence: fromJson(z.array(z.object({ pid: whole.nullable(), address_hex: z.string().nullable() }))) }),
    `SELECT finding_id, severity, severity_id, substr(summary, 1, 1000) AS summary, signal, detector, category, pid, incident_id, ${asJson('evidence')} AS evidence FROM findings WHERE capture_id = CAST(? AS varchar) ORDER BY severity_id DESC, signal, pid NULLS LAST, finding_id FETCH FIRST ${maxFindings} ROWS ONLY`,
  );
  return found.map(({ evidence, ...finding }) => ({ ...finding, pids: evidence.map(({ pid }) => pid), addresses: evidence.filter(({ address_hex }) => address_hex !== null) }));
}

/** The memory of one process as a picture. */
export async function memoryOf(engine: QueryEngine, captureId: string, pid: number, signal: AbortSignal): Promise<MemoryView> {
  const ask = askOf(engine, captureId, signal);
  const where = 'WHERE capture_id = CAST(? AS varchar) AND pid = CAST(? AS bigint)';
  const [[process], mappings, findings] = await Promise.all([
    ask.rows(z.object({ pid: whole, comm: z.string(), executable: z.string().nullable() }), `SELECT pid, substr(comm, 1, 100) AS comm, executable FROM processes ${where}`, [pid]),
    ask.rows(mappingRow, `SELECT start_hex, end_hex, permissions, substr(name, 1, 400) AS name, ${asJson('status')} AS status, file_id, segment_id, present_bytes, segment_bytes FROM memory_mappings ${where} ORDER BY start_hex FETCH FIRST ${maxMappings} ROWS ONLY`, [pid]),
    findingsOf(engine, captureId, signal),
  ]);
  if (process === undefined) throw new RequestError('unknown', `There is no process ${pid} in this capture.`);
  return memoryViewOf(process, mappings, findings);
}

export async function findingOf(engine: QueryEngine, sources: ReadonlyMap<string, Source>, captureId: string, findingId: string, signal: AbortSignal): Promise<FindingAnswer> {
  const result = await engine.query(`SELECT ${columnsOf(sources, 'findings')} FROM findings WHERE capture_id = CAST(? AS varchar) AND finding_id = CAST(? AS varchar)`, [captureId, findingId], { signal });
  const [finding] = recordsOf(result, sources.get('findings')?.nested);
  if (finding === undefined) throw new RequestError('unknown', 'The lake has no such finding in this capture.');
  const incident = finding['incident_id'];
  const [related, [alike = {}]] = await Promise.all([
    typeof incident === 'string'
      ? engine.query('SELECT finding_id, severity, substr(summary, 1, 400) AS summary FROM findings WHERE capture_id = CAST(? AS varchar) AND incident_id = CAST(? AS varchar) AND finding_id <> CAST(? AS varchar) ORDER BY severity_id DESC, signal, finding_id FETCH FIRST 50 ROWS ONLY', [captureId, incident, findingId], { signal }).then(recordsOf)
      : [],
    engine.query('SELECT count(*) AS findings, count(DISTINCT capture_id) AS captures, count(DISTINCT image) AS images FROM findings WHERE detector = CAST(? AS varchar)', [String(finding['detector'])], { signal }).then(recordsOf),
  ]);
  const ids = finding['techniques'];
  return {
    finding, related,
    techniques: (Array.isArray(ids) ? ids : []).map(String).map((id) => {
      const technique = techniqueOf(id);
      return { id, name: technique?.name ?? '', tactics: tacticsOf([id]) };
    }),
    alike: { findings: Number(cellOf(alike['findings'] ?? 0)), captures: Number(cellOf(alike['captures'] ?? 0)), images: Number(cellOf(alike['images'] ?? 0)) },
  };
}
