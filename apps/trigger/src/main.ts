import { SettingsError } from './settings.ts';
import { productVersion } from './version.ts';

const roles: Readonly<Record<string, (env: NodeJS.ProcessEnv, signal: AbortSignal) => Promise<void>>> = {
  alerts: async (env, signal) => (await import('./alerts/role.ts')).runAlerts(env, signal),
  node: async (env, signal) => (await import('./node/role.ts')).runNode(env, signal),
};

const [word = ''] = process.argv.slice(2);
if (word === '--version' || word === '-V') {
  process.stdout.write(`${productVersion}\n`);
  process.exit(0);
}
const role = Object.hasOwn(roles, word) ? roles[word] : undefined;
if (role === undefined) {
  process.stderr.write('usage: main.mjs alerts | node | --version\n');
  process.exit(2);
}

const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());
try {
  await role(process.env, stopping.signal);
  process.exit(0);
} catch (error) {
  // Settings are told as they are to be mended; anything else is a defect or a cluster that is not there.
  process.stderr.write(error instanceof SettingsError ? `settings:\n${error.message}\n` : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(error instanceof SettingsError ? 2 : 70);
}
