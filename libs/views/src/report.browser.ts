import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { allowed, axeFaults, chromiumPath, launchChromium, overflow, type WatchedPage, watchedPage } from './chromium.test-support.ts';
import { attacks, hostileArchive } from './hostile-archive.test-support.ts';
import { type CaptureView, captureView, reportDocument } from './index.ts';
import { largeArchive } from './large-archive.test-support.ts';
import { partsOf, testKey, viewOf } from './sample-view.test-support.ts';

/*
 * The report in a real browser. Skipped where there is none: `apt-get install chromium`, or ICECORE_CHROMIUM. Pictures
 * go to test-output, to be looked at.
 */
const samples = fileURLToPath(new URL('../../../samples/', import.meta.url));
const folder = fileURLToPath(new URL('../test-output/', import.meta.url));
const present = existsSync(chromiumPath) && existsSync(`${samples}podman-attack.tar.zst`);
if (!present) console.warn(`skipped: there is no ${chromiumPath}, or no samples`);

const schemes = ['light', 'dark'] as const;
const widths = [1280, 375] as const;
const tool = { name: 'icecore', version: '0.1.0' };

let browser: Browser;

function written(name: string, view: CaptureView): string {
  mkdirSync(folder, { recursive: true });
  const path = `${folder}${name}.html`;
  writeFileSync(path, reportDocument(view, tool));
  return pathToFileURL(path).href;
}

/** Milliseconds from the address to a page that answers a click, the best of three: a busy machine delays any one of them. */
async function interactiveAfter(page: Page, url: string): Promise<number> {
  const taken: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    await page.goto(url);
    await page.locator('.process > summary').first().click();
    await page.waitForFunction(() => document.querySelector('.process')?.hasAttribute('open'));
    taken.push(performance.now() - start);
  }
  return Math.min(...taken);
}

/** Of a report with all of it unfolded. */
async function faultsOf(url: string, width: number, colorScheme: 'light' | 'dark'): Promise<readonly string[]> {
  // The policy of the report lets no script in, axe not either.
  const context = await browser.newContext({ bypassCSP: true, viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  await page.goto(url);
  await page.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)));
  const faults = await axeFaults(page);
  await context.close();
  return faults;
}

async function pictures(url: string, name: string): Promise<void> {
  for (const colorScheme of schemes) {
    for (const width of widths) {
      const { page, context } = await watchedPage(browser, { viewport: { width, height: 900 }, colorScheme });
      await page.goto(url);
      await page.screenshot({ path: `${folder}${name}-${width}-${colorScheme}.png`, fullPage: true });
      await context.close();
    }
  }
  const { page, context } = await watchedPage(browser);
  await page.goto(url);
  await page.pdf({ path: `${folder}${name}.pdf`, format: 'A4', preferCSSPageSize: true });
  await context.close();
}

(present ? describe : describe.skip)('a report in a browser', () => {
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  describe('of the attacked sample', () => {
    let url: string;
    let watched: WatchedPage;
    beforeAll(async () => {
      url = written('attack', await viewOf(readFileSync(`${samples}podman-attack.tar.zst`), 'samples/podman-attack.tar.zst'));
      watched = await watchedPage(browser, { viewport: { width: 1280, height: 900 } });
      await watched.page.goto(url);
    });

    it('opens from disk in less than a second, with no error and no request', async () => {
      const taken = await interactiveAfter(watched.page, url);
      console.log(`interactive after ${Math.round(taken)} ms`);
      expect(taken).toBeLessThan(allowed(1000));
      expect(watched.complaints).toEqual([]);
      expect(watched.requests).toEqual([]);
    });

    it.each(widths.flatMap((width) => schemes.map((scheme) => [width, scheme] as const)))('has no serious fault of access at %i px, %s, all unfolded', async (width, scheme) => {
      expect(await faultsOf(url, width, scheme)).toEqual([]);
    });

    it.each([1280, 768, 375, 320])('is no wider than a window of %i px', async (width) => {
      await watched.page.setViewportSize({ width, height: 900 });
      await watched.page.goto(url);
      await watched.page.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)));
      expect(await overflow(watched.page)).toBeLessThanOrEqual(0);
    });

    it('unfolds what a link leads to, filters, and is used by keys alone', async () => {
      const { page } = watched;
      await page.goto(`${url}#finding-20`);
      await page.waitForFunction(() => document.querySelector('#finding-20')?.hasAttribute('open'));
      await page.getByLabel('Filter findings').fill('xmrig');
      expect(await page.locator('.finding:visible').count()).toBeGreaterThan(0);
      expect(await page.locator('.finding:visible').count()).toBeLessThan(27);
      await page.goto(url);
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('To the report');
      await page.locator('#process-23 > summary').focus();
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.querySelector('#process-23')?.hasAttribute('open'));
    });

    it('has headings in their order, and unfolds on paper what is folded on the screen', async () => {
      const { page } = watched;
      await page.goto(url);
      const levels = await page.evaluate(() => [...document.querySelectorAll('h1, h2, h3, h4')].map((heading) => Number(heading.tagName.slice(1))));
      expect(levels.filter((level) => level === 1)).toHaveLength(1);
      levels.forEach((level, i) => expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1));
      await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
      expect(await page.locator('details[data-print-open]:not([open])').count()).toBe(0);
    });

    it('says the same without its script', async () => {
      const { page, context } = await watchedPage(browser, { javaScriptEnabled: false });
      await page.goto(url);
      expect(await page.locator('.finding').count()).toBe(27);
      expect(await page.locator('button').count()).toBe(0);
      await context.close();
    });

    it('has its pictures taken', () => pictures(url, 'attack'));
  });

  describe('of a hostile archive', () => {
    let url: string;
    let view: CaptureView;
    beforeAll(async () => {
      const { snapshot, detection, hits, context } = await partsOf(await hostileArchive(readFileSync(`${samples}podman-attack.tar.zst`)), `evil ${attacks[0]}.tar`);
      view = await captureView(snapshot, detection, hits, { ...context, key: testKey });
      url = written('hostile', view);
    });

    it('is about what the archive was made to hold', () => {
      const json = JSON.stringify(view);
      expect(json.match(/__pwned/g)?.length).toBeGreaterThan(100);
      expect(view.processes.listed).toHaveLength(5);
      expect(view.processes.listed.find(({ pid }) => pid === 24)?.name).toMatchObject({ length: expect.any(Number) });
      expect(view.environments.listed.flatMap(({ variables }) => variables).some(({ name }) => name === '<b>')).toBe(true);
      expect(view.timeline.listed.some(({ kind, subject }) => kind === 'log' && typeof subject === 'object')).toBe(true);
      expect(json.length).toBeLessThan(3 << 20);
    });

    it.each(widths)('runs nothing, asks for nothing and breaks nothing at %i px', async (width) => {
      const { page, context, complaints, requests } = await watchedPage(browser, { viewport: { width, height: 900 } });
      await page.goto(url);
      await page.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)));
      for (const summary of (await page.locator('summary').all()).slice(0, 40)) await summary.hover({ timeout: 2000, force: true }).catch(() => undefined);
      await page.waitForTimeout(200);
      expect(await page.evaluate(() => Reflect.get(window, '__pwned'))).toBeUndefined();
      expect(complaints).toEqual([]);
      expect(requests).toEqual([]);
      expect(page.url()).toBe(url);
      expect(await page.locator('script').count()).toBe(1);
      expect(await page.locator('img, iframe, base, object, embed, form, [onload], [onerror], [style], a[href^="javascript:"]').count()).toBe(0);
      expect(await page.locator('main#report').count()).toBe(1);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await context.close();
    });

    it('has no serious fault of access', async () => expect(await faultsOf(url, 1280, 'light')).toEqual([]));
    it('has its pictures taken', () => pictures(url, 'hostile'));
  });

  describe('of 500 processes with 20,000 mappings', () => {
    it('answers a click in less than two seconds', async () => {
      const view = await viewOf(await largeArchive(readFileSync(`${samples}podman-loop.tar.zst`), 500, 40), 'large.tar');
      expect([view.processes.total, view.memory.mappings]).toEqual([500, 20_000]);
      const url = written('large', view);
      const { page, context, complaints } = await watchedPage(browser, { viewport: { width: 1280, height: 900 } });
      const taken = await interactiveAfter(page, url);
      console.log(`interactive after ${Math.round(taken)} ms, ${Math.round(readFileSync(fileURLToPath(url)).length / 1024)} KiB`);
      expect(taken).toBeLessThan(allowed(2000));
      expect(complaints).toEqual([]);
      await page.screenshot({ path: `${folder}large-1280.png`, fullPage: false });
      await page.locator('#memory').scrollIntoViewIfNeeded();
      await page.screenshot({ path: `${folder}large-memory-1280.png`, fullPage: false });
      await context.close();
    });

    it('does so too where one process has them all', async () => {
      const view = await viewOf(await largeArchive(readFileSync(`${samples}podman-loop.tar.zst`), 1, 20_000), 'deep.tar');
      expect(view.memory.mappings).toBe(20_000);
      expect(view.memory.listed[0]?.segments.length).toBeLessThanOrEqual(240);
      const { page, context } = await watchedPage(browser, { viewport: { width: 1280, height: 900 } });
      const url = written('deep', view);
      expect(await interactiveAfter(page, url)).toBeLessThan(allowed(2000));
      await page.locator('#memory').scrollIntoViewIfNeeded();
      await page.screenshot({ path: `${folder}deep-memory-1280.png`, fullPage: false });
      await context.close();
    });
  });
});
