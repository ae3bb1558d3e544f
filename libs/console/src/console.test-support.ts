import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumPath, watch } from '@icecore/views/test-support';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** The repository's root. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));
export const samples = join(root, 'samples');
/** Where pictures go, to be looked at. */
export const pictures = join(root, 'libs/console/test-output');

const command = join(root, 'apps/cli/bin/icecore.cjs');
export const present = existsSync(chromiumPath) && existsSync(join(root, 'apps/cli/dist/console/app.js'));
if (!present) console.warn(`skipped: there is no ${chromiumPath} (apt-get install chromium, or ICECORE_CHROMIUM), or the command is not bundled`);

/** Folders that go away with the suite. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'icecore-console-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the bundled command as a user does. */
export function icecore(...words: readonly string[]): string {
  const run = spawnSync(process.execPath, [command, ...words], { cwd: root, maxBuffer: 1 << 28, env: { ...process.env, NODE_OPTIONS: '' } });
  if (run.status !== 0 && run.status !== 4) throw new Error(`icecore ${words.join(' ')} ended with ${run.status}: ${run.stderr.toString('utf8').slice(0, 2000)}`);
  return run.stdout.toString('utf8');
}

export interface ServedConsole {
  readonly origin: string;
  /** The link that opens the console, once. */
  readonly link: string;
  close(): Promise<void>;
}

/** `icecore serve` over a lake, on a port of its own. */
export async function serveLake(lake: string, ...more: readonly string[]): Promise<ServedConsole> {
  const child = spawn(process.execPath, [command, 'serve', '--lake', lake, '--port', '0', ...more], { cwd: dirname(lake), stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } });
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  let said = '';
  child.stderr.on('data', (piece: Buffer) => void (said += piece.toString('utf8')));
  const link = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (piece: Buffer) => {
      text += piece.toString('utf8');
      const found = /http:\/\/127\.0\.0\.1:\d+\/open\?token=\S+/.exec(text);
      if (found !== null) resolve(found[0]);
    });
    child.once('exit', (code) => reject(new Error(`icecore serve ended with ${code}: ${said}`)));
  });
  return {
    link,
    origin: new URL(link).origin,
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export type Session = Awaited<ReturnType<BrowserContext['storageState']>>;

/** What a browser holds after it followed the link. */
export async function sessionOf(browser: Browser, { link }: ServedConsole): Promise<Session> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  const session = await context.storageState();
  await context.close();
  return session;
}

export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: string[];
  readonly requests: string[];
  /** Goes to an address of the console and waits for what it shows. */
  go(path: string): Promise<void>;
  /** Rows of an answer in SQL, as the console's server gives it. */
  sql(statement: string): Promise<readonly (readonly unknown[])[]>;
}

export async function openPage(browser: Browser, served: ServedConsole, session: Session, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options, storageState: session });
  const page = await context.newPage();
  return {
    page,
    context,
    ...watch(page),
    async go(path) {
      await page.goto(`${served.origin}${path}`);
      await settled(page);
    },
    async sql(statement) {
      const answer = await context.request.post(`${served.origin}/api/sql`, { headers: { origin: served.origin }, data: { sql: statement } });
      const { rows }: { rows: readonly (readonly unknown[])[] } = await answer.json();
      return rows;
    },
  };
}

/** Waits until the page has what it asked for. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('main > *') !== null && document.querySelector('p.state[role="status"], .aging') === null);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.waitForFunction(() => document.querySelector('p.state[role="status"], .aging') === null);
}

/** Waits until something comes true that the page is not told of by itself. */
export async function expectSoon(isSo: () => Promise<boolean>, milliseconds = 60_000): Promise<void> {
  const until = performance.now() + milliseconds;
  while (!(await isSo())) {
    if (performance.now() > until) throw new Error(`it did not come true in ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

export async function picture(page: Page, name: string, { fullPage = true } = {}): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage });
}
