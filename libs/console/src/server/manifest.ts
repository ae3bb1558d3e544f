import { recordsOf } from './answer.ts';
import type { ConsoleContext } from './context.ts';
import { holdsOf } from './holds.ts';

/**
 * The hashes of the archives behind captures, of all where none is named, as `sha256sum --check` reads them. What else a
 * court asks about each stands above it: the capture, its size, when it was taken, and what the vault says of its custody.
 */
export async function manifestOf({ lake, vault, version, user }: ConsoleContext, captures: readonly string[] | undefined, signal: AbortSignal): Promise<string> {
  const named = captures === undefined ? '' : ` WHERE capture_id IN (${captures.map(() => 'CAST(? AS varchar)').join(', ')})`;
  const rows = recordsOf(await lake.query(`SELECT capture_id, archive_sha256, archive_name, archive_bytes, captured_at, cluster, namespace, pod, container, image, image_ref FROM captures${named} ORDER BY archive_name NULLS LAST, capture_id`, captures ?? [], { signal }));
  const held = new Map((await holdsOf(vault)).captures.map((state) => [state.captureId, state]));
  const lines = [`# Evidence of ${rows.length} captures, written by icecore ${version} for ${clean(user)} at ${new Date().toISOString()}`, '# Check the archives beside this file: sha256sum --check FILE'];
  for (const row of rows) {
    const id = String(row['capture_id']);
    const container = [row['cluster'], row['namespace'], row['pod'], row['container']].flatMap((part) => (typeof part === 'string' && part !== '' ? clean(part) : [])).join(' / ');
    const state = held.get(id);
    lines.push('', `# capture ${id}: ${container === '' ? 'container not known' : container}, image ${clean(row['image_ref'] ?? row['image'])}, taken ${clean(row['captured_at'])}, ${clean(row['archive_bytes'])} bytes`);
    if (state !== undefined) lines.push(`# vault: ${state.sealed ? 'sealed' : 'incomplete'}, ${state.held ? 'held' : 'not held'}, locked until ${state.lockedUntil ?? 'not known'}, ${state.custody.length} entries of custody`);
    lines.push(typeof row['archive_sha256'] === 'string' ? sumLine(row['archive_sha256'], typeof row['archive_name'] === 'string' ? row['archive_name'] : id) : '# its SHA-256 is not known to the lake');
  }
  return `${lines.join('\n')}\n`;
}

/** As sha256sum writes it: a name with a line break or backslash is escaped, and the line says so by a backslash. */
function sumLine(sha256: string, name: string): string {
  const escaped = name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${escaped === name ? '' : '\\'}${sha256}  ${escaped}`;
}

/** One line of text: evidence must not begin a line of its own. */
function clean(value: unknown): string {
  return value === null || value === undefined ? 'not known' : String(value).replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '?').slice(0, 500);
}
