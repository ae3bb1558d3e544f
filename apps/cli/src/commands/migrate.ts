import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileSource, podmanMigration } from '@icecore/local';
import { parseReference, RegistryError } from '@icecore/registry';
import { layoutFiles, migrate, type MigrationOutcome, planClusterMove, type PlannedStep, writeTar } from '@icecore/restore';
import { command, UsageError } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { localPodman } from '../restore/local-podman.ts';
import type { Terminal } from '../terminal.ts';
import { writeStream } from '../write-stream.ts';
import { imageOf } from './image.ts';

/** `icecore migrate`: a container goes on elsewhere, or stays where it is. */
export const migrateCommand = command({
  name: 'migrate',
  summary: 'Move a container: capture, image, restore, health, and only then stop the source; what fails is taken back.',
  arguments: 'podman:NAME|NAMESPACE/POD/CONTAINER',
  count: [1, 1],
  options: {
    as: { type: 'string', value: 'NAME', summary: 'podman: name of the container that goes on' },
    to: { type: 'string', value: 'NODE', summary: 'cluster: node that it goes to' },
    image: { type: 'string', value: 'HOST/NAME', summary: 'cluster: repository that the image goes through' },
    health: { type: 'string', value: 'COMMAND', summary: 'podman: must succeed in the copy before the source is stopped (default: the copy runs)' },
    tcp: { type: 'boolean', summary: 'podman: the container has TCP connections; they are closed in the copy' },
    'dry-run': { type: 'boolean', summary: 'tell every step and how it is taken back, and do nothing' },
    json: { type: 'boolean', summary: 'as JSON' },
  },
  examples: [
    ['icecore migrate podman:web --as web-2 --dry-run', 'what would be done'],
    ['icecore migrate shop/web-7/app --to node-b --image registry.example/moves/web --dry-run', 'in a cluster: every request, and how it is taken back'],
  ],
  async run({ arguments: [word = ''], options, terminal }) {
    const source = /^podman:(.+)$/.exec(word)?.[1];
    const dryRun = options['dry-run'] === true;
    const json = options.json === true;
    if (source === undefined) {
      const steps = clusterSteps(word, options.to, options.image);
      if (!dryRun) throw new UsageError('a move in a cluster is planned, not done, by this command: give --dry-run');
      return tellSteps(steps, json, terminal);
    }
    const { as: copy, health } = options;
    if (copy === undefined) throw new UsageError('needs --as NAME');
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(copy) || copy === source) throw new UsageError(`--as ${copy} is no name for the copy`);
    if (dryRun) return tellSteps(podmanSteps(source, copy, health), json, terminal);
    const folder = await mkdtemp(join(tmpdir(), 'icecore-migrate-'));
    try {
      const ports = podmanMigration(localPodman, {
        source,
        copy,
        archive: join(folder, 'capture.tar.zst'),
        health,
        tcp: options.tcp === true,
        async makeImage(archive) {
          const file = await fileSource(archive);
          try {
            const path = join(folder, 'image.tar');
            await writeStream(path, writeTar(layoutFiles(await imageOf(file, archive, false, terminal), 'moved')));
            return `oci-archive:${path}:moved`;
          } finally {
            await file.close();
          }
        },
      });
      const outcome = await migrate(ports, { healthAttempts: 30, attempts: 5, pause: () => sleep(1000), onStep: (step) => terminal.note(`icecore migrate: ${step}`) });
      return await tellOutcome(outcome, source, copy, json, terminal);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

function clusterSteps(word: string, to: string | undefined, image: string | undefined): readonly PlannedStep[] {
  const [, namespace, pod, container] = /^([a-z0-9-]{1,63})\/([a-z0-9.-]{1,253})\/([a-z0-9-]{1,63})$/.exec(word) ?? [];
  if (namespace === undefined || pod === undefined || container === undefined) throw new UsageError(`${word} is neither podman:NAME nor NAMESPACE/POD/CONTAINER`);
  if (to === undefined || image === undefined) throw new UsageError('needs --to NODE and --image HOST/NAME');
  try {
    const { host, repository } = parseReference(image);
    return planClusterMove({ namespace, pod, container, to, repository: `${host}/${repository}` });
  } catch (error) {
    throw error instanceof RegistryError ? new UsageError(error.message) : error;
  }
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

async function tellSteps(steps: readonly PlannedStep[], json: boolean, terminal: Terminal): Promise<ExitCode> {
  if (json) await terminal.json({ dry_run: true, steps: steps.map((each) => ({ ...each })) });
  else await terminal.line(['Nothing was done. A move would:', ...steps.map(({ step, does, back }, i) => `  ${i + 1}. ${step.padEnd(8)} ${does}\n     back:    ${back}`)].join('\n'));
  return exitCodes.done;
}

async function tellOutcome(outcome: MigrationOutcome, source: string, copy: string, json: boolean, terminal: Terminal): Promise<ExitCode> {
  if (json) await terminal.json({ ...outcome });
  else if (outcome.kind === 'moved') await terminal.line(`${copy} goes on, and ${source} is stopped`);
  else if (outcome.kind === 'rolled_back') await terminal.line(`taken back at ${outcome.failedAt}: ${source} runs on, and there is no ${copy}\n  ${outcome.reason}`);
  else await terminal.line(`look yourself: ${outcome.mayRun} may run (${source}, ${copy}); it failed at ${outcome.failedAt}\n  ${outcome.reason}`);
  return outcome.kind === 'moved' ? exitCodes.done : exitCodes.failed;
}
