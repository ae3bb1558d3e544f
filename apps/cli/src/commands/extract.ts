import type { JsonValue } from '@icecore/criu';
import { extractionFolder, type Extracted } from '@icecore/local';
import type { ChangedFile, HiddenFile } from '@icecore/snapshot';
import { command } from '../command.ts';
import { damageOf, evidenceOptions, openEvidence, reportDamage } from '../evidence.ts';
import { exitCodes } from '../exit-codes.ts';
import { contentJson } from '../render/snapshot-json.ts';
import { shown } from '../render/text-table.ts';

/** `icecore extract`: every file that the archive holds, into a folder. */
export const extract = command({
  name: 'extract',
  summary: 'Write deleted files, memfds, shared memory, tmpfs files and root file system changes into a folder.',
  arguments: 'ARCHIVE',
  count: [1, 1],
  options: {
    output: { type: 'string', short: 'o', value: 'FOLDER', summary: 'where to (default ARCHIVE.files); must be empty or not exist' },
    json: { type: 'boolean', summary: 'the list of files as JSON, one object a file' },
    ...evidenceOptions,
  },
  examples: [['icecore extract samples/podman-attack.tar.zst -o files', 'files/index.json tells what each is']],
  async run({ arguments: [path = ''], options, terminal }) {
    await using evidence = await openEvidence(path, options.parent, terminal);
    const { snapshot } = evidence;
    const folder = await extractionFolder(options.output ?? `${path}.files`);
    const changed = await snapshot.changedFiles();
    const index: JsonValue[] = [];
    const add = async (file: HiddenFile | ChangedFile, extracted: Extracted | undefined): Promise<void> => {
      const json = contentJson(file, {
        written_to: extracted?.path ?? null,
        sha256: extracted?.sha256 ?? null,
        not_written: extracted?.gap ?? null,
        ...('entry' in file && file.entry !== undefined
          ? { type: file.entry.type, size: file.entry.size, mode: file.entry.mode.toString(8), uid: file.entry.uid, gid: file.entry.gid, modified_at: file.entry.modifiedAt, link_target: file.entry.linkTarget ?? null }
          : {}),
      });
      index.push(json);
      if (options.json === true) await terminal.json(json);
      else await terminal.line(`${kindOf(file)}  ${extracted?.sha256?.slice(0, 16) ?? '-'.padEnd(16)}  ${shown(file.path)}${extracted?.gap === undefined ? '' : `  (${extracted.gap})`}`);
    };
    for (const file of await snapshot.hiddenFiles()) await add(file, await folder.write(file.kind, file.path, file.source));
    for (const file of changed.files) {
      const isFile = file.entry?.type === 'file' && !file.entry.unsafe;
      await add(file, isFile && file.entry !== undefined ? await folder.write(file.kind, file.path, file.entry.source) : undefined);
    }
    await folder.writeIndex(index);
    const code = reportDamage([...snapshot.gaps, ...changed.gaps], terminal);
    return damageOf(changed.gaps).length > 0 ? exitCodes.partial : code;
  },
});

function kindOf(file: HiddenFile | ChangedFile): string {
  return ('change' in file && file.change !== 'present' ? file.change : file.kind).padEnd(13);
}
