import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attacks, axeFaults, hostileArchive, launchChromium, overflow } from '@icecore/views/test-support';
import type { Browser } from 'playwright-core';
import { icecore, openPage, picture, present, samples, serveLake, type ServedConsole, type Session, sessionOf, settled, temporaryFolder } from './console.test-support.ts';

/*
 * An archive whose names, paths, arguments, environments, files and logs are scripts, control characters, marks that turn text
 * around, and lines of a megabyte: on every page that shows them nothing runs, nothing is asked for, nothing breaks.
 */
const folder = present ? temporaryFolder() : '';
const lake = join(folder, 'lake');

/** Pages that show what the archive holds, `{id}` its capture. */
const pages: Readonly<Record<string, string>> = {
  'overview': '/',
  'captures': '/captures',
  'findings': '/findings',
  'timeline': '/timeline',
  'stack-commands': '/stack?table=processes&column=command_line',
  'stack-variables': '/stack?table=environment&column=value',
  'summary': '/captures/{id}',
  'processes': '/captures/{id}?tab=processes&pid=23',
  'network': '/captures/{id}?tab=network',
  'memory': '/captures/{id}?tab=memory&pid=1',
  'memory-entropy': '/captures/{id}?tab=memory&pid=1&colour=entropy',
  'rules': `/rules#${new URLSearchParams({ rule: 'rule evil { strings: $a = "__pwned" $b = "D_PRELOAD=" condition: any of them }' })}`,
  'files': '/captures/{id}?tab=files',
  'environment': '/captures/{id}?tab=environment',
  'mounts': '/captures/{id}?tab=tables&table=mounts',
  'open-files': '/captures/{id}?tab=tables&table=open_files',
  'coverage': '/captures/{id}?tab=coverage',
  'finding': '/findings/{id}/{finding}',
  'search': `/search?value=${encodeURIComponent(attacks[0] ?? '')}`,
  'search-turned': `/search?value=${encodeURIComponent('\u202egnp.exe')}`,
  'sql': `/sql#sql=${encodeURIComponent('SELECT * FROM processes')}`,
  'compare': '/compare?before={other}&after={id}',
  'hunt': `/hunts/pivot-string?value=${encodeURIComponent(attacks[1] ?? '')}`,
};

(present ? describe : describe.skip)('a page of a hostile archive', () => {
  let browser: Browser;
  let served: ServedConsole;
  let session: Session;
  const words = new Map<string, string>();
  const addressOf = (path: string): string => path.replaceAll(/\{(\w+)\}/g, (_, word: string) => words.get(word) ?? '');

  beforeAll(async () => {
    const archive = join(folder, 'evil <img src=x onerror=window.__pwned=2> \u202egnp.tar');
    writeFileSync(archive, await hostileArchive(readFileSync(join(samples, 'podman-attack.tar.zst'))));
    icecore('analyze', archive, join(samples, 'podman-userns.tar.gz'), '--lake', lake);
    served = await serveLake(lake, '--archives', folder);
    browser = await launchChromium();
    session = await sessionOf(browser, served);
    const { sql, context } = await openPage(browser, served, session);
    words.set('id', String((await sql("SELECT capture_id FROM captures WHERE archive_name LIKE 'evil%'"))[0]?.[0]));
    words.set('other', String((await sql("SELECT capture_id FROM captures WHERE archive_name NOT LIKE 'evil%'"))[0]?.[0]));
    words.set('finding', String((await sql(`SELECT finding_id FROM findings WHERE capture_id = '${words.get('id')}' ORDER BY length(summary) DESC`))[0]?.[0]));
    await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  it('is about what the archive was made to hold', async () => {
    const { sql, context } = await openPage(browser, served, session);
    expect(Number((await sql("SELECT count(*) FROM environment WHERE value LIKE '%__pwned%' OR name LIKE '%__pwned%' OR name LIKE '<%'"))[0]?.[0])).toBeGreaterThan(3);
    expect(Number((await sql("SELECT count(*) FROM processes WHERE comm LIKE '%__pwned%' OR command_line LIKE '%__pwned%'"))[0]?.[0])).toBeGreaterThan(3);
    expect(Number((await sql('SELECT max(length(hostname)) FROM captures'))[0]?.[0])).toBeGreaterThan(1 << 20);
    await context.close();
  });

  it.each(Object.entries(pages))('runs nothing and breaks nothing: %s', async (name, path) => {
    const { page, context, complaints, requests, go } = await openPage(browser, served, session);
    const url = `${served.origin}${addressOf(path)}`;
    await go(addressOf(path));
    if (name === 'sql') await page.locator('.grid').waitFor();
    if (name === 'rules') {
      await page.getByRole('button', { name: /^Search/ }).click();
      await page.getByText(/ captures?, in [\d.]+ s\.$/).waitFor();
      expect(await page.locator('.grid-row.opens').count()).toBeGreaterThan(3);
    }
    if (name === 'files') {
      // The content of a file that is an attack, and the record of its row.
      await page.locator('.grid-row.opens').filter({ hasText: 'cron' }).first().click();
      await settled(page);
    }
    await page.evaluate(() => document.querySelectorAll('main details').forEach((each) => each.setAttribute('open', '')));
    await picture(page, `hostile-${name}-1280`);
    await page.setViewportSize({ width: 375, height: 812 });
    await settled(page);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await picture(page, `hostile-${name}-375`);
    expect(await page.evaluate(() => Reflect.get(window, '__pwned'))).toBeUndefined();
    expect(complaints).toEqual([]);
    expect(requests.filter((each) => !each.startsWith(`${served.origin}/`))).toEqual([]);
    expect(new URL(page.url()).pathname).toBe(new URL(url).pathname);
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.locator('img, iframe, base, object, embed, [onload], [onerror], [onclick], a[href^="javascript:"], meta[http-equiv]').count()).toBe(0);
    expect(await page.locator('header.bar, main#page').count()).toBe(2);
    // What turns text around, or hides it, is on no page as it is; titles keep the direction of what they name to itself by a pair of their own.
    const text = (await page.evaluate(() => document.querySelector('main')?.textContent ?? '')).replaceAll(/\u2068([^\u2066-\u2069]*)\u2069/g, '$1');
    expect(text.match(/.{0,40}(?![\n\t])[\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff].{0,40}/u)?.[0]).toBeUndefined();
    await context.close();
  });

  it('has no serious fault of access', async () => {
    const { page, context, go } = await openPage(browser, served, session, { bypassCSP: true });
    await go(addressOf('/captures/{id}'));
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });
});
