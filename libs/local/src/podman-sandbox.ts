import { setTimeout as sleep } from 'node:timers/promises';

/** podman, wherever it runs. */
export interface Podman {
  /** Runs `podman` with these words. */
  run(words: readonly string[]): Promise<{ readonly status: number; readonly output: string; readonly errors: string }>;
  /** A file of the machine that podman runs on, as text; undefined where it cannot be read. */
  read(path: string): Promise<string | undefined>;
}

export interface SandboxRun {
  /** Name of the copy's container; must not be taken. */
  readonly name: string;
  /** The archive to restore, with no networks in it, where podman sees it. */
  readonly copy: string;
  /** Where podman is to write the capture of the copy. */
  readonly after: string;
  /** Milliseconds that the copy lives before it is captured. */
  readonly milliseconds: number;
  /** The dump has TCP connections: they are closed at restore, for their other side is not there. */
  readonly closeTcp: boolean;
}

/** What a copy's network namespace has. */
export interface SandboxNetwork {
  readonly interfaces: readonly string[];
  /** Lines of `/proc/net/route` and `/proc/net/ipv6_route` that lead out of the namespace. */
  readonly routes: readonly string[];
}

/** A copy that could not be run, or was stopped because it could reach something. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
  readonly code = 'sandbox';
}

/**
 * Restores a copy, makes sure that nothing leads out of it, lets it live for a while, captures it, and takes it away: also where
 * something goes wrong. Rejects with a `SandboxError`.
 */
export async function runInSandbox(podman: Podman, { name, copy, after, milliseconds, closeTcp }: SandboxRun): Promise<SandboxNetwork> {
  if ((await podman.run(['container', 'exists', name])).status === 0) throw new SandboxError(`there is a container ${name} already`);
  try {
    await must(podman, ['container', 'restore', `--import=${copy}`, `--name=${name}`, '--ignore-static-ip', '--ignore-static-mac', ...(closeTcp ? ['--tcp-close'] : [])], 'the copy cannot be restored');
    const network = await networkOf(podman, name);
    if (network.interfaces.some((each) => each !== 'lo') || network.routes.length > 0) {
      throw new SandboxError(`the copy was stopped at once: it has ${[...network.interfaces.filter((each) => each !== 'lo'), ...network.routes].join('; ')}`);
    }
    await sleep(milliseconds);
    await must(podman, ['container', 'checkpoint', '--leave-running', `--export=${after}`, name], 'the copy cannot be captured');
    return network;
  } finally {
    await podman.run(['rm', '--force', '--time', '0', name]);
  }
}

async function networkOf(podman: Podman, name: string): Promise<SandboxNetwork> {
  const { output, status } = await podman.run(['inspect', '--type=container', '--format={{.State.Pid}}', name]);
  const pid = output.trim();
  if (status !== 0 || !/^[1-9]\d*$/.test(pid)) throw new SandboxError('the copy does not run');
  const devices = await podman.read(`/proc/${pid}/net/dev`);
  const routes = await podman.read(`/proc/${pid}/net/route`);
  if (devices === undefined || routes === undefined) throw new SandboxError('what the copy can reach cannot be seen, so it was stopped');
  const routes6 = (await podman.read(`/proc/${pid}/net/ipv6_route`)) ?? '';
  return {
    interfaces: devices.split('\n').flatMap((line) => /^\s*([^\s:]+):/.exec(line)?.[1] ?? []),
    routes: [...routes.split('\n').slice(1), ...routes6.split('\n')].filter((line) => line.trim() !== '' && !/(?:^|\s)lo\s*(?:$|\s)/.test(line)),
  };
}

async function must(podman: Podman, words: readonly string[], what: string): Promise<void> {
  const { status, errors, output } = await podman.run(words);
  if (status !== 0) throw new SandboxError(`${what}: ${(errors || output).trim().slice(-1500)}`);
}
