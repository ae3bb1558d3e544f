import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, loadavg } from 'node:os';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Where Debian has it; another one is named by ICECORE_CHROMIUM. */
export const chromiumPath = process.env['ICECORE_CHROMIUM'] ?? '/usr/bin/chromium';

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** A browser with a new profile of its own, and no window. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: flags });
}

/**
 * How long something may take that takes a machine `milliseconds` when it does nothing else, in milliseconds: as many times
 * longer as there is more to be done at once than it has processors.
 */
export function allowed(milliseconds: number): number {
  return milliseconds * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
}

/** A page, and everything that it said and asked for. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors, warnings, dialogs, and navigations away from where it was sent. */
  readonly complaints: string[];
  /** Addresses that were asked for besides the document itself. */
  readonly requests: string[];
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on a page that a reader would suffer from. The page's context must let scripts in. */
export async function axeFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const run: (root: Document, options: object) => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> = Reflect.get(Reflect.get(window, 'axe'), 'run');
    const { violations } = await run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] });
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id} × ${nodes.length}: ${nodes[0]?.html.slice(0, 300) ?? ''}`);
  });
}

/** Pixels by which a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** Opens a page that has no network and is watched from its beginning. */
export async function watchedPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ ...options, offline: true });
  const page = await context.newPage();
  return { page, context, ...watch(page) };
}

/** Notes what a page says and asks for from now on. */
export function watch(page: Page): Pick<WatchedPage, 'complaints' | 'requests'> {
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => void (['error', 'warning'].includes(message.type()) && complaints.push(message.text())));
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => undefined);
  });
  page.on('request', (request) => void (request.isNavigationRequest() && request.url().startsWith('file://') ? undefined : requests.push(request.url())));
  page.on('popup', () => void complaints.push('a window was opened'));
  return { complaints, requests };
}
