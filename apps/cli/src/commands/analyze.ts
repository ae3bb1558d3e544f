import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { formatBytes, isDamageError } from '@icecore/bytes';
import { type EvidenceVault, isVaultError, objectKeys } from '@icecore/evidence';
import { analyzeLocally, type LocalAnalysisOptions, secretKeyFile } from '@icecore/local';
import type { EvidenceReference } from '@icecore/pipeline';
import { command } from '../command.ts';
import { evidenceOptions, rememberSecretsOf } from '../evidence.ts';
import { defaultLake } from '../engine.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { secretKeyPath } from '../masking.ts';
import { verdictLines } from '../render/findings.ts';
import { summaryLines } from '../render/summary.ts';
import { scanChoiceOf, scanOptions } from '../scan-options.ts';
import { type ArchiveAtWork, stepProgress } from '../step-progress.ts';
import type { Terminal } from '../terminal.ts';
import { chosenCaptures, defaultKey, openSigner, openVault, tool } from '../vault.ts';
import { archivesIn } from './list.ts';

/** `icecore analyze`: archives into the lake, and a summary of each. */
export const analyze = command({
  name: 'analyze',
  summary: 'Scan and judge one or more archives, write everything in them to a lake of Parquet tables, and say what was found.',
  arguments: 'ARCHIVE|FOLDER|CAPTURE…',
  count: [1, 10_000],
  options: {
    lake: { type: 'string', value: 'FOLDER', summary: `the lake (default ${defaultLake})` },
    tenant: { type: 'string', value: 'NAME', summary: 'whose evidence it is (default local)' },
    cluster: { type: 'string', value: 'NAME', summary: 'cluster that the container ran in, for the tables' },
    node: { type: 'string', value: 'NAME', summary: 'node that the container ran on, for the tables' },
    vault: { type: 'string', value: 'FOLDER|s3://BUCKET/FOLDER', summary: 'take captures from this vault: held against their manifests, and told in their ledgers' },
    key: { type: 'string', value: 'FILE', summary: `with --vault: the key that signs (default ${defaultKey}, made at the first use)` },
    'secret-key': { type: 'string', value: 'FILE', summary: 'key by which secrets are told apart (default .icecore/secret-key, made where there is none)' },
    json: { type: 'boolean', summary: 'what was written, as JSON, one object an archive' },
    ...scanOptions,
    ...evidenceOptions,
  },
  examples: [
    ['icecore analyze samples', 'all samples, into .icecore/lake'],
    ['icecore analyze --cluster prod --lake /cases/7 checkpoint-*.tar', 'into a lake of a case'],
    ['icecore analyze --vault .icecore/vault 9c57', 'the sealed capture whose id begins with 9c57'],
  ],
  async run({ arguments: words, options, terminal }) {
    const root = options.lake ?? defaultLake;
    const custody = options.vault === undefined ? undefined : await custodyOf(options.vault, options.key);
    const local: LocalAnalysisOptions = {
      lake: root,
      tenant: options.tenant ?? 'local',
      cluster: options.cluster,
      node: options.node,
      keyBytes: secretKeyFile(secretKeyPath(options['secret-key'])),
      ...(await scanChoiceOf(options)),
      tool,
      workers: availableParallelism(),
      ...(custody === undefined ? {} : { custody }),
    };
    const work = custody === undefined ? await filesOf(words, options.parent) : await sealedOf(custody.vault, words, options.parent);
    let code: ExitCode = exitCodes.done;
    let done = 0;
    const refused: string[] = [];
    for (const [index, { path, reference }] of work.entries()) {
      try {
        const damaged = await analyzeOne({ path, number: index + 1, of: work.length }, reference, local, options.json === true, terminal);
        done += 1;
        if (damaged) code = exitCodes.partial;
      } catch (error) {
        terminal.progress(undefined);
        if (!isDamageError(error) && !isMismatch(error)) throw error;
        terminal.note(`${path}: ${error.message}`);
        refused.push(path);
        code = exitCodes.partial;
      }
    }
    // Among many archives the word on one of them has long gone by.
    if (refused.length > 0 && work.length > 1) terminal.note(`${refused.length} of ${work.length} could not be analysed: ${refused.join(', ')}. Why is told above, and kept in ${join(root, 'quarantine')}`);
    if (done === 0) return exitCodes.failed;
    if (options.json !== true) {
      const where = root === defaultLake ? '' : ` --lake ${root}`;
      await terminal.line(`${done} archive${done === 1 ? '' : 's'} in the lake ${root}. Ask it:`);
      await terminal.line(`  npx icecore query${where} "SELECT severity, container, pid, summary FROM findings ORDER BY severity_id DESC LIMIT 20"`);
    }
    return code;
  },
});

interface Work {
  /** As the user knows it. */
  readonly path: string;
  readonly reference: EvidenceReference;
}

async function filesOf(words: readonly string[], parents: readonly string[] = []): Promise<readonly Work[]> {
  return (await archivesIn(words)).map((path) => ({ path, reference: { kind: 'file', archive: path, parents: [...parents] } }));
}

async function sealedOf(vault: EvidenceVault, words: readonly string[], parents: readonly string[] = []): Promise<readonly Work[]> {
  const chain = parents.length === 0 ? [] : await chosenCaptures(vault, parents);
  const captures = await chosenCaptures(vault, words);
  return Promise.all(
    captures.map(async (capture) => {
      const version = (await vault.describe(objectKeys.manifest(capture)))?.versionId ?? null;
      return { path: capture, reference: { kind: 'sealed', capture, version, parents: chain } } as const;
    }),
  );
}

async function custodyOf(place: string, key: string | undefined): Promise<NonNullable<LocalAnalysisOptions['custody']>> {
  const choice = { vault: place, key };
  return { vault: await openVault(choice), folder: place.startsWith('s3://') ? undefined : place, signer: () => openSigner(choice) };
}

/** Evidence that is not what was sealed: of all captures that one alone is refused. */
function isMismatch(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'BadInput' || isVaultError(error));
}

async function analyzeOne(work: ArchiveAtWork, reference: EvidenceReference, options: LocalAnalysisOptions, json: boolean, terminal: Terminal): Promise<boolean> {
  const { path } = work;
  await using analysis = await analyzeLocally(reference, { ...options, ...stepProgress(work, terminal) });
  terminal.progress(undefined);
  const { outcome, capture: { source, archive, snapshot }, published } = analysis;
  rememberSecretsOf(snapshot);
  const rows = outcome.parts.reduce((sum, part) => sum + part.rows, 0);
  const bytes = outcome.parts.reduce((sum, part) => sum + part.bytes, 0);
  const { captureId, sha256 } = published;
  if (json) {
    const { findings, incidents } = outcome.detection;
    await terminal.json({ path, capture_id: captureId, sha256, incidents: incidents.length, findings: findings.length, parts: outcome.parts.map(({ table, path: part, rows: count, bytes: size }) => ({ table, path: part, rows: count, bytes: size })) });
  } else {
    const lake = `${rows} rows in ${outcome.parts.length} tables, ${formatBytes(bytes)}`;
    const evidence = { path, file: source, archive, snapshot };
    await terminal.line([...summaryLines(evidence, terminal, verdictLines(outcome.detection, terminal, path)), '', `  capture ${captureId}, sha256 ${sha256}`, `  ${lake}`, ''].join('\n'));
  }
  return outcome.gaps.some(({ code }) => code !== 'not_captured');
}
