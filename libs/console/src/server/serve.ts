import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import type { Hunt } from '@icecore/hunts';
import { type Table, tableFolder } from '@icecore/lake';
import { type Access, lakeFolder } from '@icecore/local';
import type { SecretKey } from '@icecore/secrets';
import { consoleApp } from './app.ts';
import { readAssets } from './assets.ts';
import { caseFile } from './case-file.ts';
import type { ConsoleContext, Fleet } from './context.ts';
import type { HeldVault } from './holds.ts';
import { lakeReader, type OpenEngine } from './lake.ts';
import { newSession } from './session.ts';
import { evidenceShelf } from './shelf.ts';
import { sourcesOf } from './sources.ts';
import { lookAtNew } from './watches.ts';

/** How often the lake is looked at for captures that the watches were not asked of, in milliseconds. */
const lookEvery = 10_000;

export interface ConsoleOptions {
  readonly version: string;
  /** Name of who works here, for notes and records. */
  readonly user: string;
  /** Where the lake is, in words. */
  readonly lakeLocation: string;
  /** The lake's folder, whose new tables are noticed; undefined for a lake of elsewhere. */
  readonly lakeRoot: string | undefined;
  readonly openEngine: OpenEngine;
  readonly tables: readonly Table[];
  readonly hunts: readonly Hunt[];
  readonly vault: HeldVault | undefined;
  /** Folders in which archives are looked for, by SHA-256. */
  readonly archiveFolders: readonly string[];
  /** Where notes are kept. */
  readonly casePath: string;
  /** Folder with the files of the web part. */
  readonly webFolder: string;
  readonly secretKey: SecretKey;
  /** A lake in the cloud, where questions cost; undefined for one on this machine. */
  readonly fleet?: Fleet | undefined;
  recordAccess(access: Access): Promise<void>;
  onDefect(error: Error): void;
  /** Told of each new link once the one before was used. */
  onLink(url: string): void;
  /** 0 for any that is free. */
  readonly port: number;
}

export interface RunningConsole {
  readonly port: number;
  /** The link that opens the console, once. */
  link(): string;
  close(): Promise<void>;
}

/** Serves the console to this machine alone. Rejects with the system's error where the port is taken. */
export async function serveConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const { lakeRoot, vault, tables } = options;
  const context: ConsoleContext = {
    version: options.version,
    user: options.user,
    lakeLocation: options.lakeLocation,
    archiveFolders: options.archiveFolders,
    lake: lakeReader(options.openEngine, tables, () => sizesOf(lakeRoot, tables)),
    tables,
    sources: sourcesOf(tables),
    hunts: options.hunts,
    shelf: evidenceShelf({ vault: vault?.vault, folders: options.archiveFolders }),
    vault,
    caseFile: caseFile(options.casePath),
    secretKey: options.secretKey,
    fleet: options.fleet,
    recordAccess: (access) => options.recordAccess(access),
    onDefect: (error) => options.onDefect(error),
  };
  const assets = await readAssets(options.webFolder);
  const server = createServer();
  const port = await listen(server, options.port);
  const url = (token: string): string => `http://127.0.0.1:${port}/open?token=${token}`;
  const session = newSession((token) => options.onLink(url(token)));
  const app = consoleApp({ context, assets, session, port });
  server.on('request', getRequestListener(app.fetch, { hostname: '127.0.0.1' }));
  const watching = watchLake(context);
  return {
    port,
    link: () => url(session.linkToken()),
    async close() {
      await watching.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await context.shelf.close();
      await context.lake.close();
    },
  };
}

/** Asks the watches of new captures while the console runs. A lake in the cloud is looked at when a person asks, for that costs. */
function watchLake(context: ConsoleContext): { close(): Promise<void> } {
  if (context.fleet !== undefined) return { close: () => Promise.resolve() };
  const closing = new AbortController();
  const { signal } = closing;
  const watch = async (): Promise<void> => {
    for (;;) {
      await sleep(lookEvery, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await lookAtNew(context, signal).catch((error: unknown) => {
        if (!signal.aborted) context.onDefect(error instanceof Error ? error : new Error(String(error)));
      });
    }
  };
  const watching = watch();
  return {
    close() {
      closing.abort();
      return watching;
    },
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the server has no port'));
      else resolve(address.port);
    });
  });
}

/** Bytes of the parts of each table. */
async function sizesOf(root: string | undefined, tables: readonly Table[]): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  if (root === undefined) return sizes;
  const store = lakeFolder(root);
  for (const { name } of tables) {
    let bytes = 0;
    for await (const { size } of store.list(tableFolder(name))) bytes += size;
    sizes.set(name, bytes);
  }
  return sizes;
}
