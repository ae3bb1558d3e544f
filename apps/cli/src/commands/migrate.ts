import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isKubernetesError } from '@icecore/kubernetes';
import { fileSource, podmanMigration } from '@icecore/local';
import { type ImageReference, parseReference, RegistryError } from '@icecore/registry';
import { copyNameOf, layoutFiles, migrate, type MigrationOutcome, type Misgivings, planClusterMove, type PlannedStep, writeTar } from '@icecore/restore';
import { connectCluster } from '../cluster-connection.ts';
import { command, UsageError } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { shown } from '../render/text-table.ts';
import { type AskedMove, lookAt, moveInCluster, pulledFrom } from '../restore/cluster-move.ts';
import { localPodman } from '../restore/local-podman.ts';
import type { Terminal } from '../terminal.ts';
import { writeStream } from '../write-stream.ts';
import { imageOf } from './image.ts';

/** `icecore migrate`: a container goes on elsewhere, or stays where it is. */
export const migrateCommand = command({
  name: 'migrate',
  summary: 'Move a container: capture, image, restore, health, and only then stop the source; what fails is taken back. Plans, unless --run.',
  arguments: 'podman:NAME|NAMESPACE/POD/CONTAINER',
  count: [1, 1],
  options: {
    run: { type: 'boolean', summary: 'do it; without this every step is told, and how it is taken back, and nothing is done' },
    'dry-run': { type: 'boolean', summary: 'do nothing, which is so anyway without --run' },
    as: { type: 'string', value: 'NAME', summary: 'name of the container or pod that goes on (default in a cluster: POD-moved)' },
    health: { type: 'string', value: 'COMMAND', summary: 'podman: must succeed in the copy before the source is stopped (default: the copy runs)' },
    tcp: { type: 'boolean', summary: 'podman: the container has TCP connections; they are closed in the copy' },
    to: { type: 'string', value: 'NODE', summary: 'cluster: node that it goes to' },
    image: { type: 'string', value: 'HOST/NAME', summary: 'cluster: repository that the image goes through' },
    steady: { type: 'string', value: 'SECONDS', summary: 'cluster: how long the copy must be ready without a break (default 10)' },
    within: { type: 'string', value: 'SECONDS', summary: 'cluster: when a copy that is not well is taken back (default 300)' },
    'capture-within': { type: 'string', value: 'SECONDS', summary: 'cluster: how long the capture may take (default 600)' },
    vault: { type: 'string', value: 'PLACE', summary: 'cluster: where the vault is seen from here (default: as the capture says)' },
    namespace: { type: 'string', value: 'NAME', summary: 'cluster: icecore’s namespace (default icecore)' },
    context: { type: 'string', value: 'NAME', summary: 'cluster: context of the kubeconfig' },
    'auth-file': { type: 'string', value: 'FILE', summary: 'cluster: credentials of the registry, as docker login writes them (default: its own files)' },
    'plain-http': { type: 'boolean', summary: 'cluster: speak to the registry without TLS; to this machine itself that is always so' },
    json: { type: 'boolean', summary: 'as JSON' },
  },
  examples: [
    ['icecore migrate podman:web --as web-2 --run', 'from one container of podman to another'],
    ['icecore migrate shop/web/app --to node-b --image registry.example/moves/web', 'in a cluster: what speaks against it, every request, and how it is taken back'],
  ],
  async run({ arguments: [word = ''], options, terminal }) {
    const { run = false, json = false } = options;
    if (run && options['dry-run'] === true) throw new UsageError('--run and --dry-run: which of the two?');
    const source = /^podman:(.+)$/.exec(word)?.[1];
    if (source === undefined) {
      const move = askedMove(word, options);
      return tellClusterMove(move, { run, json, context: options.context }, terminal);
    }
    const { as: copy, health } = options;
    if (copy === undefined) throw new UsageError('needs --as NAME');
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(copy) || copy === source) throw new UsageError(`--as ${copy} is no name for the copy`);
    if (!run) return tellSteps(podmanSteps(source, copy, health), json, terminal);
    return moveWithPodman({ source, copy, health, tcp: options.tcp === true, json }, terminal);
  },
});

async function moveWithPodman({ source, copy, health, tcp, json }: { readonly source: string; readonly copy: string; readonly health: string | undefined; readonly tcp: boolean; readonly json: boolean }, terminal: Terminal): Promise<ExitCode> {
  const folder = await mkdtemp(join(tmpdir(), 'icecore-migrate-'));
  const makeImage = async (archive: string): Promise<string> => {
    const file = await fileSource(archive);
    try {
      const path = join(folder, 'image.tar');
      await writeStream(path, writeTar(layoutFiles(await imageOf(file, archive, false, terminal), 'moved')));
      return `oci-archive:${path}:moved`;
    } finally {
      await file.close();
    }
  };
  try {
    const ports = podmanMigration(localPodman, { source, copy, archive: join(folder, 'capture.tar.zst'), health, tcp, makeImage });
    const outcome = await migrate(ports, { healthAttempts: 30, attempts: 5, pause: () => sleep(1000), onStep: (step) => terminal.note(`icecore migrate: ${step}`) });
    return await tellOutcome(outcome, source, copy, json, terminal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Looks at the cluster, tells what speaks against the move and its steps, and moves where that is asked for and nothing speaks against it. */
async function tellClusterMove(move: AskedMove, { run, json, context }: { readonly run: boolean; readonly json: boolean; readonly context: string | undefined }, terminal: Terminal): Promise<ExitCode> {
  const steps = planClusterMove(move);
  const connection = await connectCluster('migrate', context, terminal);
  if (connection === undefined) {
    terminal.note('icecore migrate: so nothing was looked at');
    return run ? exitCodes.failed : tellSteps(steps, json, terminal);
  }
  try {
    const seen = await lookAt(connection, move);
    const { refusals, cautions } = seen.misgivings;
    if (!run) return await tellSteps(steps, json, terminal, seen.misgivings);
    if (refusals.length > 0) {
      if (json) await terminal.json({ kind: 'refused', refusals: [...refusals] });
      else await terminal.line(['Not begun:', ...refusals.map((each) => `  ${shown(each, 1000)}`)].join('\n'));
      return exitCodes.no;
    }
    for (const caution of cautions) terminal.note(`icecore migrate: ${shown(caution, 300)}`);
    return await tellOutcome(await moveInCluster(connection, move, seen, terminal), `${move.namespace}/${move.pod}`, `${move.namespace}/${move.copy}`, json, terminal);
  } catch (error) {
    if (!isKubernetesError(error)) throw error;
    terminal.note(`icecore migrate: ${shown(error.message, 500)}`);
    return exitCodes.failed;
  }
}

type Options = { readonly [Name in 'to' | 'image' | 'as' | 'vault' | 'namespace' | 'steady' | 'within' | 'capture-within' | 'auth-file']: string | undefined } & { readonly 'plain-http': boolean | undefined };

function askedMove(word: string, options: Options): AskedMove {
  const [, namespace, pod, container] = /^([a-z0-9-]{1,63})\/([a-z0-9.-]{1,253})\/([a-z0-9-]{1,63})$/.exec(word) ?? [];
  if (namespace === undefined || pod === undefined || container === undefined) throw new UsageError(`${word} is neither podman:NAME nor NAMESPACE/POD/CONTAINER`);
  const { to, image, as: copy = copyNameOf(pod) } = options;
  if (to === undefined || image === undefined) throw new UsageError('needs --to NODE and --image HOST/NAME');
  if (!/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/.test(copy) || copy === pod) throw new UsageError(`--as ${copy} is no name for the copy`);
  const reference = referenceOf(image);
  return {
    namespace, pod, container, to, copy, reference,
    repository: pulledFrom(reference),
    own: options.namespace ?? 'icecore',
    vault: options.vault,
    steadySeconds: secondsOf('steady', options.steady, 10),
    healthSeconds: secondsOf('within', options.within, 300),
    captureSeconds: secondsOf('capture-within', options['capture-within'], 600),
    authFile: options['auth-file'],
    plainHttp: options['plain-http'] === true,
  };
}

function referenceOf(image: string): ImageReference {
  try {
    return parseReference(image);
  } catch (error) {
    throw error instanceof RegistryError ? new UsageError(error.message) : error;
  }
}

function secondsOf(option: string, text: string | undefined, usual: number): number {
  const seconds = text === undefined ? usual : Number(text);
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 86_400) throw new UsageError(`--${option} ${text} is no number of seconds up to a day`);
  return seconds;
}

function podmanSteps(source: string, copy: string, health: string | undefined): readonly PlannedStep[] {
  const removed = `podman rm --force ${copy}`;
  return [
    { step: 'capture', does: `podman container checkpoint --leave-running ${source}`, back: `${source} was not touched` },
    { step: 'image', does: 'an OCI image of the archive, in a temporary folder', back: `${source} was not touched` },
    { step: 'restore', does: `podman container restore --name ${copy} from the image`, back: removed },
    { step: 'health', does: health === undefined ? `${copy} must run` : `${health} must succeed in ${copy}`, back: removed },
    { step: 'stop', does: `podman stop ${source}; what it did since the capture is lost`, back: `${removed}, where ${source} is found to run on` },
  ];
}

async function tellSteps(steps: readonly PlannedStep[], json: boolean, terminal: Terminal, { refusals, cautions }: Misgivings = { refusals: [], cautions: [] }): Promise<ExitCode> {
  if (json) await terminal.json({ dry_run: true, refusals: [...refusals], cautions: [...cautions], steps: steps.map((each) => ({ ...each })) });
  else {
    const listed = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [title, ...lines.map((each) => `  ${shown(each, 1000)}`)]);
    const planned = steps.map(({ step, does, back }, i) => `  ${i + 1}. ${step.padEnd(8)} ${does}\n     back:    ${back}`);
    await terminal.line([...listed('It would not be moved:', refusals), ...listed('To be known:', cautions), 'Nothing was done; with --run a move would:', ...planned].join('\n'));
  }
  return refusals.length > 0 ? exitCodes.no : exitCodes.done;
}

async function tellOutcome(outcome: MigrationOutcome, source: string, copy: string, json: boolean, terminal: Terminal): Promise<ExitCode> {
  if (json) await terminal.json({ ...outcome });
  else if (outcome.kind === 'moved') await terminal.line(`${copy} goes on, and ${source} is stopped`);
  else if (outcome.kind === 'rolled_back') await terminal.line(`taken back at ${outcome.failedAt}: ${source} runs on, and there is no ${copy}\n  ${outcome.reason}`);
  else await terminal.line(`look yourself: ${outcome.mayRun} may run (${source}, ${copy}); it failed at ${outcome.failedAt}\n  ${outcome.reason}`);
  return outcome.kind === 'moved' ? exitCodes.done : exitCodes.failed;
}
