import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type EvidenceVault, objectKeys, type Signer } from '@icecore/evidence';
import { badInput, type EmbeddedResult, evidencePort, type EvidenceReference, executionName, type Notice, type OpenCapture, type Outcome, type PipelinePorts, publishOutput, type PublishOutput, readOutcome, runEmbedded, sharedEvidence, type StepName } from '@icecore/pipeline';
import { secretKey } from '@icecore/secrets';
import type { ExecutionEvent } from '@icecore/states';
import { claimExecutionFolder, dropExecutionFolder } from './execution-folder.ts';
import { fileSource } from './file-source.ts';
import { journalFile } from './journal-file.ts';
import { lakeFolder } from './lake-folder.ts';
import { localScanner } from './local-scanner.ts';
import { folderSpool } from './spool.ts';

export interface LocalAnalysisOptions {
  /** Folder of the lake. */
  readonly lake: string;
  readonly tenant: string;
  readonly cluster: string | undefined;
  readonly node: string | undefined;
  /** Bytes of the tenant's key for HMACs of secrets. */
  readonly keyBytes: Uint8Array;
  /** The user's indicators, as `parseWatchList` reads them. */
  readonly indicators: string;
  readonly yaraFiles: readonly string[];
  readonly tool: PipelinePorts['tool'];
  /** Threads that scan an archive that is large. */
  readonly workers: number;
  /** For sealed captures: their vault, its folder where it is one, and who signs. */
  readonly custody?: { readonly vault: EvidenceVault; readonly folder: string | undefined; signer(): Promise<Signer> };
  readonly onEvent?: (event: ExecutionEvent) => void;
  readonly onProgress?: (step: StepName, done: number, total: number) => void;
  readonly onExpanding?: (done: number, total: number) => void;
  readonly notify?: (notice: Notice) => Promise<void>;
}

/** An analysis that has ended, with its capture still open. */
export interface LocalAnalysis extends AsyncDisposable {
  readonly published: PublishOutput;
  readonly outcome: Outcome;
  readonly capture: OpenCapture;
}

/** Bytes that one call hashes: OpenSSL hashes what one call can read, and a state that goes on from call to call takes six times longer. */
const verifySliceBytes = 64 * 2 ** 30;

/**
 * Runs the analysis of one capture in this process, into a lake in a folder. One that was killed is taken up where it stopped, if
 * the evidence and the choices are the same. Rejects with what the step threw that failed: a `DamageError` for evidence that cannot be
 * read, which is then in quarantine with its reason.
 */
export async function analyzeLocally(evidence: EvidenceReference, options: LocalAnalysisOptions): Promise<LocalAnalysis> {
  const home = join(options.lake, '.working');
  const name = await nameOf(evidence, options);
  const folder = await claimExecutionFolder(home, name);
  const resources = new AsyncDisposableStack();
  resources.defer(() => dropExecutionFolder(home, folder));
  try {
    const journal = resources.use(await journalFile(join(folder, '.journal')));
    const shared = resources.use(sharedEvidence(evidencePort({
      openSource: (reference, parent) => openSource(reference, parent, options.custody?.vault),
      spool: folderSpool(),
      ...(options.onExpanding === undefined ? {} : { onExpanding: options.onExpanding }),
    })));
    const working = { store: lakeFolder(folder), bucket: 'working', prefix: '' };
    const result = await runEmbedded({ name, tenant: options.tenant, evidence, cluster: options.cluster ?? null, node: options.node ?? null }, {
      ports: {
        evidence: shared,
        custody: options.custody,
        working,
        lake: lakeFolder(options.lake),
        secretKey: async () => secretKey(options.keyBytes),
        scanner: resources.use(localScanner(evidence, { ...options, vaultFolder: options.custody?.folder })),
        notify: options.notify ?? (async () => undefined),
        clock: () => new Date(),
        tool: options.tool,
        verifySliceBytes,
      },
      journal,
      concurrency: options.workers,
      ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    });
    if (result.status === 'failed') throw causeOf(result);
    const outcome = await readOutcome(working, name);
    return { published: publishOutput.parse(result.output), outcome, capture: await shared.open(evidence), [Symbol.asyncDispose]: () => resources.disposeAsync() };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

/** What made an analysis fail: the error of the step where it is known, else a word on it. */
function causeOf(result: EmbeddedResult & { readonly status: 'failed' }): unknown {
  const { thrown } = result;
  if (thrown instanceof Error && thrown.name === 'BadInput') return thrown.cause ?? thrown;
  return thrown ?? badInput(`${result.error}: ${result.reason}`);
}

async function openSource(reference: EvidenceReference, parent: string | undefined, vault: EvidenceVault | undefined): ReturnType<Parameters<typeof evidencePort>[0]['openSource']> {
  if (reference.kind === 'sealed') {
    if (vault === undefined) throw badInput(`${reference.capture}: there is no vault to read it from`);
    return Object.assign(await vault.open(objectKeys.archive(parent ?? reference.capture)), { [Symbol.asyncDispose]: async () => undefined });
  }
  const source = await fileSource(parent ?? reference.archive);
  return Object.assign(source, { [Symbol.asyncDispose]: () => source.close() });
}

/** The same for the same evidence and the same choices; another as soon as a file is another. */
async function nameOf(evidence: EvidenceReference, { tenant, cluster, node, keyBytes, indicators, yaraFiles, tool, custody }: LocalAnalysisOptions): Promise<string> {
  const hash = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const files = evidence.kind === 'file' ? [evidence.archive, ...evidence.parents] : [];
  const choices = [tenant, cluster ?? '', node ?? '', hash(keyBytes), hash(indicators), ...yaraFiles.map((file) => hash(readFileSync(file))), custody?.vault.location ?? '', ...evidence.parents];
  const version = evidence.kind === 'sealed' ? (evidence.version ?? '') : JSON.stringify(await Promise.all(files.map(identityOf)));
  return executionName({ subject: evidence.kind === 'sealed' ? evidence.capture : basename(evidence.archive), version, decoder: tool.version, choices });
}

/** What changes when a file does. */
async function identityOf(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [resolve(path), dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
