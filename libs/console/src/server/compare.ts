import type { QueryEngine } from '@icecore/lake';
import type { Cell, CompareAnswer, ComparedPart } from '../contract/answers.ts';
import { recordsOf, rowsOf } from './answer.ts';
import { RequestError } from './errors.ts';
import { type Source, textOf } from './sources.ts';

/** Most changes of one part that are shown. */
const maxChanges = 2000;

interface PartDefinition {
  readonly name: string;
  readonly title: string;
  readonly table: string;
  readonly where?: string;
  /** What makes two rows the same thing, within one container over time. */
  readonly keys: readonly string[];
  /** The same between two containers, where pids, descriptors and addresses mean nothing. */
  readonly looseKeys: readonly string[];
  /** What may be another in the same thing. */
  readonly values: readonly string[];
}

const parts: readonly PartDefinition[] = [
  { name: 'findings', title: 'Findings', table: 'findings', keys: ['detector', 'pid', 'title'], looseKeys: ['detector', 'title'], values: ['severity', 'summary'] },
  { name: 'processes', title: 'Processes', table: 'processes', keys: ['pid'], looseKeys: ['executable', 'command_line'], values: ['comm', 'executable', 'command_line', 'ppid', 'state', 'executable_deleted', 'executable_build_id', 'cwd'] },
  { name: 'credentials', title: 'Credentials and capabilities', table: 'processes', keys: ['pid', 'comm'], looseKeys: ['executable', 'comm'], values: ['uid', 'euid', 'gid', 'egid', 'capabilities_effective', 'capabilities_bounding', 'no_new_privileges', 'seccomp_mode', 'lsm_profile', 'namespaces_shared_with_node'] },
  { name: 'sockets', title: 'Sockets', table: 'sockets', where: `family <> 'AF_NETLINK'`, keys: ['family', 'protocol', 'local_address', 'local_port', 'remote_address', 'remote_port', 'path'], looseKeys: ['family', 'protocol', 'local_port', 'remote_address', 'remote_port', 'path'], values: ['state', 'pid'] },
  { name: 'files', title: 'Changed and hidden files', table: 'files', keys: ['path', 'origin'], looseKeys: ['path', 'origin'], values: ['change', 'type', 'size', 'mode_text', 'uid', 'sha256', 'link_target'] },
  { name: 'open_files', title: 'Open files', table: 'open_files', keys: ['pid', 'fd'], looseKeys: ['name'], values: ['type', 'name', 'deleted', 'flag_names'] },
  { name: 'memory_mappings', title: 'Memory map', table: 'memory_mappings', keys: ['pid', 'start_hex'], looseKeys: ['name', 'permissions'], values: ['end_hex', 'permissions', 'name', 'file_deleted', 'build_id'] },
  { name: 'environment', title: 'Environment', table: 'environment', keys: ['pid', 'name'], looseKeys: ['name'], values: ['value'] },
  { name: 'secrets', title: 'Secrets', table: 'secrets', keys: ['secret_type', 'secret_hmac'], looseKeys: ['secret_type', 'secret_hmac'], values: ['masked', 'principal', 'validity'] },
  { name: 'mounts', title: 'Mounts', table: 'mounts', keys: ['mountpoint'], looseKeys: ['mountpoint'], values: ['source', 'root', 'filesystem', 'flags'] },
  { name: 'network_addresses', title: 'Addresses', table: 'network_addresses', keys: ['interface', 'address'], looseKeys: ['interface', 'address'], values: ['prefix_length', 'mac', 'gateway'] },
];

/** Compares the rows of two captures: by pid, descriptor and address within one container, by name between two. */
export async function compareCaptures(engine: QueryEngine, sources: ReadonlyMap<string, Source>, before: string, after: string, signal: AbortSignal): Promise<CompareAnswer> {
  const found = recordsOf(await engine.query('SELECT capture_id, captured_at, namespace, pod, container, container_id, image FROM captures WHERE capture_id = CAST(? AS varchar) OR capture_id = CAST(? AS varchar)', [before, after], { signal }));
  const sideOf = (id: string): Readonly<Record<string, Cell>> => {
    const side = found.find(({ capture_id }) => capture_id === id);
    if (side === undefined) throw new RequestError('unknown', `The lake has no capture ${id}.`);
    return side;
  };
  const [first, second] = [sideOf(before), sideOf(after)];
  const sameContainer = first['container_id'] !== null && first['container_id'] === second['container_id'];
  const compared: ComparedPart[] = [];
  for (const part of parts) compared.push(await comparePart(engine, part, sources.get(part.table) ?? { nested: new Set() }, sameContainer, before, after, signal));
  return { before: first, after: second, sameContainer, parts: compared };
}

async function comparePart(engine: QueryEngine, part: PartDefinition, source: Pick<Source, 'nested'>, exact: boolean, before: string, after: string, signal: AbortSignal): Promise<ComparedPart> {
  const keys = exact ? part.keys : part.looseKeys;
  const values = part.values.filter((name) => !keys.includes(name) && (exact || !['pid', 'ppid', 'end_hex', 'summary'].includes(name)));
  const value = values.length === 0 ? `''` : values.map((name) => `coalesce('${name}: ' || ${textOf(source, name)}, '')`).join(` || chr(10) || `);
  const side = (name: string): string =>
    `${name} AS (SELECT ${keys.map((key, i) => `${textOf(source, key)} AS k${i}`).join(', ')}, array_join(array_agg(DISTINCT ${value} ORDER BY ${value}), chr(10)) AS v, true AS there FROM ${part.table} WHERE capture_id = CAST(? AS varchar)${part.where === undefined ? '' : ` AND ${part.where}`} GROUP BY ${keys.map((_, i) => i + 1).join(', ')})`;
  const join = keys.map((_, i) => `a.k${i} IS NOT DISTINCT FROM b.k${i}`).join(' AND ');
  const sql = `WITH ${side('a')}, ${side('b')}, changes AS (
    SELECT CASE WHEN a.there IS NULL THEN 'added' WHEN b.there IS NULL THEN 'removed' ELSE 'changed' END AS change, ${keys.map((_, i) => `coalesce(a.k${i}, b.k${i}) AS k${i}`).join(', ')}, a.v AS before, b.v AS after
    FROM a FULL OUTER JOIN b ON ${join} WHERE a.v IS DISTINCT FROM b.v)
    SELECT * FROM changes ORDER BY change, ${keys.map((_, i) => `TRY_CAST(k${i} AS bigint) NULLS LAST, k${i} NULLS LAST`).join(', ')}`;
  const result = await engine.query(sql, [before, after], { signal });
  const rows = rowsOf(result);
  const count = (change: string): number => rows.filter(([what]) => what === change).length;
  return { name: part.name, title: part.title, keys, added: count('added'), removed: count('removed'), changed: count('changed'), rows: rows.slice(0, maxChanges), cut: rows.length > maxChanges };
}
