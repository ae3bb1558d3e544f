import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Fleet, serveConsole } from '@icecore/console';
import type { QueryEngine } from '@icecore/lake';
import { duckdbEngine, knownSecretKey, recordAccess, vaultFolder } from '@icecore/local';
import { secretKey } from '@icecore/secrets';
import { allTables } from '@icecore/tables';
import { command, UsageError } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { huntsOf } from '../hunts.ts';
import { secretKeyPath } from '../masking.ts';
import { actor, defaultVault, openSigner, tool } from '../vault.ts';
import { productVersion } from '../version.ts';
import { defaultLake, type EngineChoice, engineOptions, openFleet } from '../engine.ts';

const defaultPort = 4263;

/** `icecore serve`: the console in a browser. */
export const serve = command({
  name: 'serve',
  summary: 'Open the console: a local web application over the lake, for this machine alone.',
  arguments: '',
  count: [0, 0],
  options: {
    ...engineOptions,
    vault: { type: 'string', value: 'FOLDER', summary: `the vault: archives to read bytes from, and holds (default ${defaultVault} where it is there)` },
    key: { type: 'string', value: 'FILE', summary: 'the key that signs holds in the ledger' },
    archives: { type: 'string', value: 'FOLDER', multiple: true, summary: 'a folder of archives to read bytes from; repeat for more' },
    case: { type: 'string', value: 'FILE', summary: 'file that keeps notes (default case.json beside the lake)' },
    hunts: { type: 'string', value: 'FOLDER', summary: 'a folder of questions of your own' },
    port: { type: 'string', value: 'PORT', summary: `port on 127.0.0.1, 0 for any (default ${defaultPort})` },
    open: { type: 'boolean', summary: 'open the link in the browser' },
  },
  examples: [
    ['icecore serve', 'prints a link that opens the console once'],
    ['icecore serve --athena', 'the fleet, with what each question costs'],
    ['icecore serve --lake /cases/7/lake --archives /cases/7/archives', 'a case, with its bytes at hand'],
  ],
  async run({ options, terminal }) {
    // The link is for the person at this terminal, and so is not masked.
    const tell = (url: string): Promise<void> => terminal.bytes(Buffer.from(`${url}\n`));
    const lakeRoot = options.lake ?? defaultLake;
    const vaultRoot = options.vault ?? (existsSync(defaultVault) ? defaultVault : undefined);
    const fleet = options.athena === true ? await fleetOf(options) : undefined;
    const running = await serveConsole({
      version: productVersion,
      user: actor().id,
      lakeLocation: fleet?.location ?? lakeRoot,
      lakeRoot: fleet === undefined ? lakeRoot : undefined,
      openEngine: async () => fleet?.engine ?? duckdbEngine({ lakeRoot, tables: allTables }),
      fleet,
      tables: allTables,
      hunts: await huntsOf(options.hunts),
      vault: vaultRoot === undefined ? undefined : {
        vault: vaultFolder(vaultRoot),
        context: async (reason) => ({ signer: await openSigner({ vault: vaultRoot, key: options.key }), clock: () => new Date(), actor: actor(), tool: { ...tool }, reason }),
      },
      archiveFolders: options.archives ?? [],
      casePath: options.case ?? join(dirname(lakeRoot), 'case.json'),
      webFolder: webFolder(),
      secretKey: secretKey(knownSecretKey(secretKeyPath())),
      recordAccess: (access) => recordAccess(join(dirname(lakeRoot), 'access.jsonl'), access),
      onDefect: (error) => terminal.note(`icecore serve: a defect of icecore, not of the evidence: ${error.stack ?? error.message}`),
      onLink: (url) => void tell(url),
      port: portOf(options.port),
    });
    await tell(running.link());
    terminal.note('The link opens the console once, for this machine alone; then another is shown. Ctrl-C ends it.');
    if (options.open === true) openInBrowser(running.link(), (message) => terminal.note(message));
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
    await running.close();
    return exitCodes.done;
  },
});

/** Athena, with an account of what was asked of it. */
async function fleetOf(choice: EngineChoice): Promise<Fleet & { readonly engine: QueryEngine; readonly location: string }> {
  let spent = { questions: 0, bytes: 0, dollars: 0 };
  const { engine, location, limitBytes, cost } = await openFleet(choice, (bytes, dollars) => {
    spent = { questions: spent.questions + 1, bytes: spent.bytes + bytes, dollars: spent.dollars + dollars };
  });
  return {
    engine,
    location,
    cost: { limitBytes: limitBytes ?? null, limitDollars: limitBytes === undefined ? null : cost(limitBytes) },
    dollars: cost,
    spent: () => spent,
  };
}

/** The web part: beside the bundled command, and so for the command as it was written. */
function webFolder(): string {
  return typeof __dirname === 'string' ? join(__dirname, 'console') : fileURLToPath(new URL('../../dist/console', import.meta.url));
}

function portOf(text: string | undefined): number {
  if (text === undefined) return defaultPort;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError(`${text} is no port`);
  return port;
}

/** The link stays out of the arguments of any shell: the opener gets it as one word. */
function openInBrowser(url: string, note: (message: string) => void): void {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => note(`${opener} is not there: open the link by hand`));
  child.unref();
}
