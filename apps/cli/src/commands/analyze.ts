import { basename } from 'node:path';
import { formatBytes, isDamageError } from '@icecore/bytes';
import type { LakeStore } from '@icecore/lake';
import { lakeFolder, secretKeyFile } from '@icecore/local';
import { secretKey } from '@icecore/secrets';
import { captureIdOf } from '@icecore/tables';
import { command } from '../command.ts';
import { evidenceOptions, openEvidence } from '../evidence.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { examineEvidence } from '../examination.ts';
import { sha256Of } from '../hash.ts';
import { secretKeyPath } from '../masking.ts';
import { verdictLines } from '../render/findings.ts';
import { summaryLines } from '../render/summary.ts';
import type { Terminal } from '../terminal.ts';
import { type ScanChoice, scanChoiceOf, scanOptions } from '../scan-options.ts';
import { writeCapture } from '../write-capture.ts';
import { archivesIn } from './list.ts';
import { defaultLake } from './query.ts';

/** `icecore analyze`: archives into the lake, and a summary of each. */
export const analyze = command({
  name: 'analyze',
  summary: 'Scan and judge one or more archives, write everything in them to a lake of Parquet tables, and say what was found.',
  arguments: 'ARCHIVE|FOLDER…',
  count: [1, 10_000],
  options: {
    lake: { type: 'string', value: 'FOLDER', summary: `the lake (default ${defaultLake})` },
    tenant: { type: 'string', value: 'NAME', summary: 'whose evidence it is (default local)' },
    cluster: { type: 'string', value: 'NAME', summary: 'cluster that the container ran in, for the tables' },
    node: { type: 'string', value: 'NAME', summary: 'node that the container ran on, for the tables' },
    'secret-key': { type: 'string', value: 'FILE', summary: 'key by which secrets are told apart (default .icecore/secret-key, made where there is none)' },
    json: { type: 'boolean', summary: 'what was written, as JSON, one object an archive' },
    ...scanOptions,
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
      keyBytes: secretKeyFile(secretKeyPath(options['secret-key'])),
      choice: await scanChoiceOf(options),
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
      await terminal.line(`  npx icecore query${where} "SELECT severity, container, pid, summary FROM findings ORDER BY severity_id DESC LIMIT 20"`);
    }
    return code;
  },
});

interface Context {
  readonly tenant: string;
  readonly keyBytes: Uint8Array;
  readonly choice: ScanChoice;
  /** What an archive cannot tell of where it was taken. */
  readonly where: { readonly cluster?: string; readonly node?: string };
}

async function analyzeOne(path: string, lake: LakeStore, context: Context, parents: readonly string[] | undefined, json: boolean, terminal: Terminal): Promise<boolean> {
  await using evidence = await openEvidence(path, parents, terminal);
  const { snapshot, file, archive } = evidence;
  const sha256 = await sha256Of(file, (done) => terminal.progress(`${path}: hashing, ${formatBytes(done)} of ${formatBytes(file.size)}`));
  const examined = await examineEvidence(evidence, { ...context.choice, keyBytes: context.keyBytes, captureId: captureIdOf(sha256), parents: parents ?? [] }, terminal);
  terminal.progress(`${path}: writing tables`);
  const origin = { ...context.where, archiveSha256: sha256, archiveBytes: file.size, compression: archive.compression, archiveName: basename(path) };
  const written = await writeCapture(snapshot, examined, origin, { tenant: context.tenant, key: secretKey(context.keyBytes) }, lake);
  terminal.progress(undefined);
  const rows = written.parts.reduce((sum, part) => sum + part.rows, 0);
  const bytes = written.parts.reduce((sum, part) => sum + part.bytes, 0);
  if (json) {
    const { findings, incidents } = examined.detection;
    await terminal.json({ path, capture_id: written.captureId, sha256, incidents: incidents.length, findings: findings.length, parts: written.parts.map((part) => ({ ...part })) });
  } else {
    const lake = `${rows} rows in ${written.parts.length} tables, ${formatBytes(bytes)}`;
    await terminal.line([...summaryLines(evidence, terminal, verdictLines(examined.detection, terminal, path)), '', `  capture ${written.captureId}, sha256 ${sha256}`, `  ${lake}`, ''].join('\n'));
  }
  return [...snapshot.gaps, ...examined.gaps].some(({ code }) => code !== 'not_captured');
}
