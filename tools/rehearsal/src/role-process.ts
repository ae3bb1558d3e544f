import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What the image carries; `ICECORE_TRIGGER` names another build. */
const bundle = process.env['ICECORE_TRIGGER'] ?? fileURLToPath(new URL('../../../apps/trigger/dist/main.mjs', import.meta.url));
const startTimeoutMs = 30_000;
/** As the manifests run them (infra/cluster/base/node.yaml). */
const deployed: Readonly<Record<'alerts' | 'node', Readonly<Record<string, string>>>> = { alerts: {}, node: { NODE_OPTIONS: '--max-semi-space-size=1' } };

/** A role of the trigger as a process of its own, as the cluster runs it. */
export interface RoleProcess {
  readonly pid: number;
  /** Lines of its log, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** What it said on standard error. */
  readonly errors: () => string;
  /** Resolves when it works: the address of its server, where it has one. */
  readonly ready: Promise<{ readonly url: string | undefined; readonly health: string }>;
  /** True from its end on. */
  readonly ended: () => boolean;
  /** SIGKILL: as when a node loses power. */
  kill(): Promise<void>;
  /** SIGTERM, and waits for its end. Gives its exit code. */
  stop(): Promise<number | null>;
}

/** Starts a role from the bundle that the image carries; `through` is a command that becomes it. */
export function startRole(role: 'alerts' | 'node', env: Readonly<Record<string, string>>, through: readonly string[] = []): RoleProcess {
  const [program = process.execPath, ...words] = [...through, process.execPath, bundle, role];
  const child = spawn(program, words, { env: { PATH: process.env['PATH'] ?? '', ...deployed[role], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const log: Record<string, unknown>[] = [];
  let errors = '';
  child.stderr.on('data', (piece) => (errors += String(piece)));
  const ready = new Promise<{ url: string | undefined; health: string }>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${role} is not ready: ${errors.slice(-2000)}`)), startTimeoutMs);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry: Record<string, unknown> = JSON.parse(line);
      log.push(entry);
      if (entry['msg'] !== 'listening' && entry['msg'] !== 'watching') return;
      clearTimeout(timer);
      resolve({ url: urlOf(entry['address'], env['ICECORE_TLS_CERT'] !== undefined), health: urlOf(entry['health'], false) ?? '' });
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${role} ended with ${code}: ${errors.slice(-2000)}`));
    });
  });
  ready.catch(() => undefined);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (!hasEnded(child)) {
      child.kill(signal);
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  return { pid: child.pid ?? 0, log, errors: () => errors, ready, ended: () => hasEnded(child), kill: async () => void (await end('SIGKILL')), stop: () => end('SIGTERM') };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function urlOf(address: unknown, secure: boolean): string | undefined {
  if (typeof address !== 'object' || address === null || !('port' in address)) return undefined;
  return `${secure ? 'https' : 'http'}://127.0.0.1:${Number(address.port)}`;
}
