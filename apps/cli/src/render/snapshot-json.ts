import { hex } from '@icecore/bytes';
import type { JsonValue } from '@icecore/criu';
import type { ContainerSnapshot, HiddenFile, ChangedFile, Process } from '@icecore/snapshot';
import { maskedArguments, maskedBytes, maskedVariable } from '../masking.ts';

/**
 * A value of the snapshot as JSON: addresses and other bigints in hex, dates in ISO 8601, maps as objects; sources of
 * bytes and address spaces, which only the program can use, are left out.
 */
export function toJson(value: unknown): JsonValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return hex(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(maskedBytes(value)).toString('base64');
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [String(key), toJson(each)]));
  if (typeof value !== 'object') return null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, each]) => each !== undefined && typeof each !== 'function' && !unprintable.has(key))
      .map(([key, each]) => [snakeCase(key), toJson(each)]),
  );
}

const unprintable = new Set(['source', 'memory', 'images', '$unknown', 'entry']);

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Which parts of a snapshot are asked for; none means all that the summary has. */
export type Section = 'processes' | 'files' | 'sockets' | 'memory' | 'mounts' | 'env';

export function snapshotJson(path: string, snapshot: ContainerSnapshot, sections: ReadonlySet<Section>, only?: ReadonlySet<number>, extra: object = {}): JsonValue {
  const all = sections.size === 0;
  const want = (section: Section): boolean => all || sections.has(section);
  const processes = snapshot.processes.filter(({ pid }) => only?.has(pid) !== false).map((process) => {
    const { descriptors, mappings, environment, ...rest } = maskedProcess(process);
    return {
      ...(want('processes') ? rest : { pid: process.pid, comm: process.comm }),
      ...(want('files') ? { descriptors } : {}),
      ...(sections.has('memory') ? { mappings } : {}),
      ...(want('env') ? { environment } : {}),
    };
  });
  const { container, dump, sockets, mounts, network, namespaces, seccompFilters, pipes, gaps } = snapshot;
  return toJson({
    path,
    container,
    dump,
    ...extra,
    ...(sections.size > 0 && !['processes', 'files', 'memory', 'env'].some((each) => sections.has(each as Section)) ? {} : { processes }),
    ...(want('sockets') ? { sockets } : {}),
    ...(want('mounts') ? { mounts } : {}),
    ...(all ? { network, namespaces, seccompFilters, pipes } : {}),
    gaps,
  });
}

/** The process with marks in place of the secrets that names give away. */
function maskedProcess(process: Process): Process {
  const { arguments: words, environment } = process;
  return {
    ...process,
    arguments: 'values' in words ? { ...words, values: maskedArguments(words.values) } : words,
    environment: 'values' in environment ? { ...environment, values: environment.values.map(maskedVariable) } : environment,
  };
}

/** A file that the archive holds, without its bytes. */
export function contentJson(file: HiddenFile | ChangedFile, extra: { readonly [key: string]: JsonValue }): JsonValue {
  const json = toJson(file);
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json, ...extra } : json;
}
