import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes, isDamageError } from '@icecore/bytes';
import type { JsonValue } from '@icecore/criu';
import { command } from '../command.ts';
import { openEvidence } from '../evidence.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { toJson } from '../render/snapshot-json.ts';
import { shown, textTable } from '../render/text-table.ts';

const kubeletFolder = '/var/lib/kubelet/checkpoints';

/** `icecore list`: the archives of a folder. */
export const list = command({
  name: 'list',
  summary: 'List the checkpoint archives of folders.',
  arguments: '[FOLDER…]',
  count: [0, 1000],
  options: { json: { type: 'boolean', summary: 'as JSON, one object an archive' } },
  examples: [['icecore list', `what lies in ${kubeletFolder}`]],
  async run({ arguments: folders, options, terminal }) {
    const rows: string[][] = [];
    let code: ExitCode = exitCodes.done;
    for (const path of await archivesIn(folders.length === 0 ? [kubeletFolder] : folders)) {
      try {
        await using evidence = await openEvidence(path, undefined, terminal);
        const { container, processes } = evidence.snapshot;
        const size = evidence.file.size;
        if (options.json === true) await terminal.json(toJson({ path, size, container, processes: processes.length }));
        const taken = container.checkpointedAt?.toISOString().replace(/\.\d+Z$/, 'Z') ?? '?';
        const where = container.pod === undefined ? '' : `${container.pod.namespace ?? '?'}/${container.pod.name ?? '?'}`;
        rows.push([shown(path), shown(where), shown(container.name ?? '?'), container.engine, taken, String(processes.length), formatBytes(size)]);
      } catch (error) {
        if (!isDamageError(error)) throw error;
        code = exitCodes.partial;
        const { message } = error;
        if (options.json === true) await terminal.json({ path, error: message } satisfies JsonValue);
        else terminal.note(`${path}: ${message}`);
      }
    }
    if (options.json === true) return code;
    const columns = [{ title: 'ARCHIVE', flexible: true }, { title: 'POD' }, { title: 'CONTAINER' }, { title: 'ENGINE' }, { title: 'TAKEN' }, { title: 'PROCESSES', align: 'right' as const }, { title: 'SIZE', align: 'right' as const }];
    await terminal.line(rows.length === 0 ? 'no archives' : textTable(columns, rows, terminal.width).join('\n'));
    return code;
  },
});

/** Archives by path: those named, and those in the folders named, by their endings. */
export async function archivesIn(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (!(await stat(path)).isDirectory()) found.push(path);
    else {
      const names = (await readdir(path, { withFileTypes: true })).filter((each) => each.isFile() && /\.tar(\.\w+)?$|\.tgz$|\.tzst$/.test(each.name));
      found.push(...names.map(({ name }) => join(path, name)).sort());
    }
  }
  return found;
}
