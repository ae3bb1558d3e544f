import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { type ByteSource, formatBytes, isDamageError, readInto } from '@icecore/bytes';
import type { LakeStore } from '@icecore/lake';
import { lakeFolder } from '@icecore/local';
import { command } from '../command.ts';
import { evidenceOptions, openEvidence } from '../evidence.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { summaryLines } from '../render/summary.ts';
import type { Terminal } from '../terminal.ts';
import { writeCapture } from '../write-capture.ts';
import { archivesIn } from './list.ts';
import { defaultLake } from './query.ts';

/** `icecore analyze`: archives into the lake, and a summary of each. */
export const analyze = command({
  name: 'analyze',
  summary: 'Write everything in one or more archives to a lake of Parquet tables, then summarise them.',
  arguments: 'ARCHIVE|FOLDER…',
  count: [1, 10_000],
  options: {
    lake: { type: 'string', value: 'FOLDER', summary: `the lake (default ${defaultLake})` },
    tenant: { type: 'string', value: 'NAME', summary: 'whose evidence it is (default local)' },
    cluster: { type: 'string', value: 'NAME', summary: 'cluster that the container ran in, for the tables' },
    node: { type: 'string', value: 'NAME', summary: 'node that the container ran on, for the tables' },
    json: { type: 'boolean', summary: 'what was written, as JSON, one object an archive' },
    ...evidenceOptions,
  },
  examples: [
    ['icecore analyze samples', 'all samples, into .icecore/lake'],
    ['icecore analyze --cluster prod --lake /cases/7 checkpoint-*.tar', 'into a lake of a case'],
  ],
  async run({ arguments: paths, options, terminal }) {
    const root = options.lake ?? defaultLake;
    const lake = lakeFolder(root);
    const context: Context = {
      tenant: options.tenant ?? 'local',
      where: { ...(options.cluster === undefined ? {} : { cluster: options.cluster }), ...(options.node === undefined ? {} : { node: options.node }) },
    };
    let code: ExitCode = exitCodes.done;
    let done = 0;
    for (const path of await archivesIn(paths)) {
      try {
        const damaged = await analyzeOne(path, lake, context, options.parent, options.json === true, terminal);
        done += 1;
        if (damaged) code = exitCodes.partial;
      } catch (error) {
        if (!isDamageError(error)) throw error;
        terminal.note(`${path}: ${error.message}`);
        code = exitCodes.partial;
      }
    }
    if (done === 0) return exitCodes.failed;
    if (options.json !== true) {
      const where = root === defaultLake ? '' : ` --lake ${root}`;
      await terminal.line(`${done} archive${done === 1 ? '' : 's'} in the lake ${root}. Ask it:`);
      await terminal.line(`  npx icecore query${where} "SELECT container, pid, command_line FROM processes WHERE executable_deleted"`);
    }
    return code;
  },
});

interface Context {
  readonly tenant: string;
  /** What an archive cannot tell of where it was taken. */
  readonly where: { readonly cluster?: string; readonly node?: string };
}

async function analyzeOne(path: string, lake: LakeStore, context: Context, parents: readonly string[] | undefined, json: boolean, terminal: Terminal): Promise<boolean> {
  await using evidence = await openEvidence(path, parents, terminal);
  const { snapshot, file, archive } = evidence;
  const sha256 = await sha256Of(file, (done) => terminal.progress(`${path}: hashing, ${formatBytes(done)} of ${formatBytes(file.size)}`));
  terminal.progress(`${path}: writing tables`);
  const origin = { ...context.where, archiveSha256: sha256, archiveBytes: file.size, compression: archive.compression, archiveName: basename(path) };
  const written = await writeCapture(snapshot, origin, context.tenant, lake);
  terminal.progress(undefined);
  const rows = written.parts.reduce((sum, part) => sum + part.rows, 0);
  const bytes = written.parts.reduce((sum, part) => sum + part.bytes, 0);
  if (json) {
    await terminal.json({ path, capture_id: written.captureId, sha256, parts: written.parts.map((part) => ({ ...part })) });
  } else {
    const lake = `${rows} rows in ${written.parts.length} tables, ${formatBytes(bytes)}`;
    await terminal.line([...summaryLines(evidence, terminal), '', `  capture ${written.captureId}, sha256 ${sha256}`, `  ${lake}`, ''].join('\n'));
  }
  return snapshot.gaps.some(({ code }) => code !== 'not_captured');
}

async function sha256Of(source: ByteSource, onProgress: (done: number) => void): Promise<string> {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(1 << 20);
  for (let start = 0; start < source.size; start += buffer.length) {
    const piece = buffer.subarray(0, Math.min(buffer.length, source.size - start));
    await readInto(source, piece, start);
    hash.update(piece);
    onProgress(start + piece.length);
  }
  return hash.digest('hex');
}
