import type { MigrationPorts } from '@icecore/restore';
import { type Podman, SandboxError } from './podman-sandbox.ts';

export interface PodmanMove {
  /** Container that runs now. */
  readonly source: string;
  /** Name of the one that is to go on; must not be taken. */
  readonly copy: string;
  /** Where podman writes the archive. */
  readonly archive: string;
  /** Makes an image of the archive and gives the reference that podman can pull: `oci-archive:/…`. */
  readonly makeImage: (archive: string) => Promise<string>;
  /** A command that must succeed in the copy; without one it must run. */
  readonly health: string | undefined;
  /** TCP connections are captured with the container, and closed in the copy. */
  readonly tcp: boolean;
}

/** Moves a container of podman into another: ports of a migration. */
export function podmanMigration(podman: Podman, { source, copy, archive, makeImage, health, tcp }: PodmanMove): MigrationPorts<string, string> {
  const must = async (...words: readonly string[]): Promise<string> => {
    const { status, output, errors } = await podman.run(words);
    if (status !== 0) throw new SandboxError(`podman ${words.slice(0, 2).join(' ')}: ${(errors || output).trim().slice(-1000)}`);
    return output.trim();
  };
  const state = async (name: string): Promise<string | undefined> => {
    const exists = await podman.run(['container', 'exists', name]);
    if (exists.status === 1) return undefined;
    return must('inspect', '--type=container', '--format={{.State.Status}}', name);
  };
  // A container of that name that was there before is not the copy, and is not taken away.
  let begun = false;
  return {
    async capture() {
      if ((await state(copy)) !== undefined) throw new SandboxError(`there is a container ${copy} already`);
      await must('container', 'checkpoint', '--leave-running', ...(tcp ? ['--tcp-established'] : []), `--export=${archive}`, source);
      return archive;
    },
    image: makeImage,
    async restore(reference) {
      const image = (await must('pull', '--quiet', reference)).split('\n').at(-1) ?? '';
      if (!begun && (await state(copy)) !== undefined) throw new SandboxError(`there is a container ${copy} already`);
      begun = true;
      await must('container', 'restore', `--name=${copy}`, '--ignore-static-ip', '--ignore-static-mac', ...(tcp ? ['--tcp-close'] : []), image);
    },
    async isHealthy() {
      if ((await state(copy)) !== 'running') return false;
      return health === undefined || (await podman.run(['exec', copy, 'sh', '-c', health])).status === 0;
    },
    async stopSource() {
      await must('stop', '--time=10', source);
    },
    isSourceRunning: async () => (await state(source)) === 'running',
    async removeCopy() {
      if (begun) await must('rm', '--force', '--ignore', '--time=0', copy);
    },
  };
}
