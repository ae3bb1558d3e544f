import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Where Debian has it; another one is named by ICECORE_CHROMIUM. */
export const chromiumPath = process.env['ICECORE_CHROMIUM'] ?? '/usr/bin/chromium';

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** A browser with a new profile of its own, and no window. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: flags });
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

/** Opens a page that has no network and is watched from its beginning. */
export async function watchedPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ ...options, offline: true });
  const page = await context.newPage();
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
  return { page, context, complaints, requests };
}
