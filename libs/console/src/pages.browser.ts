import { join } from 'node:path';
import { axeFaults, launchChromium, overflow } from '@icecore/views/test-support';
import type { Browser } from 'playwright-core';
import { icecore, openPage, type OpenedPage, picture, present, samples, serveLake, type ServedConsole, type Session, sessionOf, settled, temporaryFolder } from './console.test-support.ts';

/*
 * Every page of the console over the samples, as a reader meets it: in light and dark, on a screen and on a telephone. The
 * pictures in test-output are to be looked at. ICECORE_CORPUS adds more archives.
 */
const folder = present ? temporaryFolder() : '';
const lake = join(folder, 'lake');
const corpus = process.env['ICECORE_CORPUS'];

/** Pages by the name of their pictures; words in braces are filled in from the lake. */
const pages: Readonly<Record<string, string>> = {
  'overview': '/',
  'captures': '/captures',
  'captures-compare': '/captures?compare={attack}',
  'captures-none': '/captures?text=no-such-thing',
  'findings': '/findings',
  'findings-few': '/findings?text=xmrig',
  'timeline': '/timeline?kind=finding',
  'stack': '/stack',
  'hunts': '/hunts',
  'hunt': '/hunts/fileless-code',
  'hunt-asks': '/hunts/pivot-address',
  'rules': `/rules#${new URLSearchParams({ rule: 'rule hook\n{\n  strings:\n    $a = "LD_PRELOAD=/tmp/.libhook.so"\n  condition:\n    $a\n}' })}`,
  'compare': '/compare?before={userns}&after={attack}',
  'compare-nothing': '/compare',
  'sql': '/sql#sql=SELECT+severity%2C+pid%2C+summary%2C+capture_id%0AFROM+findings%0AORDER+BY+severity_id+DESC+LIMIT+20',
  'sql-wrong': '/sql#sql=SELECT+nothing+FROM+findings',
  'case': '/case',
  'search-address': '/search?value=10.88.0.1',
  'search-hash': '/search?value={build}',
  'search-nothing': '/search?value=203.0.113.99',
  'search-asks': '/search',
  'capture': '/captures/{attack}',
  'capture-clean': '/captures/{userns}',
  'capture-findings': '/captures/{attack}?tab=findings',
  'capture-processes': '/captures/{attack}?tab=processes&pid=23',
  'capture-network': '/captures/{attack}?tab=network',
  'capture-memory': '/captures/{attack}?tab=memory&pid=1',
  'capture-memory-written': '/captures/{attack}?tab=memory&pid=1&colour=written',
  'capture-memory-entropy': '/captures/{attack}?tab=memory&pid=1&colour=entropy',
  'capture-files': '/captures/{attack}?tab=files',
  'capture-file': '/captures/{attack}?tab=files&path=%2Fetc%2Fcron.d%2F.update-sys&source={source}',
  'capture-timeline': '/captures/{attack}?tab=timeline',
  'capture-environment': '/captures/{attack}?tab=environment',
  'capture-tables': '/captures/{attack}?tab=tables&table=open_files',
  'capture-coverage': '/captures/{attack}?tab=coverage',
  'capture-notes': '/captures/{attack}?tab=notes',
  'capture-unknown': '/captures/0000',
  'finding': '/findings/{attack}/{finding}',
  'memory-hex': '/memory?capture={attack}&pid=1&at={address}',
  'memory-code': '/memory?capture={attack}&pid=1&at={address}&view=code',
  'memory-strings': '/memory?capture={attack}&pid=1&at={address}&view=strings',
  'memory-search': '/memory?capture={attack}&pid=1&view=search&pattern=stratum',
  'nowhere': '/nowhere',
};

(present ? describe : describe.skip)('a page of the console', () => {
  let browser: Browser;
  let served: ServedConsole;
  let session: Session;
  let opened: OpenedPage;
  const words = new Map<string, string>();

  beforeAll(async () => {
    icecore('analyze', samples, ...(corpus === undefined ? [] : [corpus]), '--lake', lake);
    served = await serveLake(lake, '--archives', samples);
    browser = await launchChromium();
    session = await sessionOf(browser, served);
    // Axe is a script that the policy would not let in; the suites of the points and of hostile archives keep the policy.
    opened = await openPage(browser, served, session, { bypassCSP: true });
    const ask = async (word: string, statement: string): Promise<void> => void words.set(word, String((await opened.sql(statement))[0]?.[0]));
    await ask('attack', "SELECT capture_id FROM captures WHERE archive_name = 'podman-attack.tar.zst'");
    await ask('userns', "SELECT capture_id FROM captures WHERE archive_name = 'podman-userns.tar.gz'");
    await ask('build', "SELECT executable_build_id FROM processes WHERE executable = '/usr/bin/python3.14'");
    const attack = words.get('attack') ?? '';
    expect(attack).toMatch(/^[0-9a-f]{32}$/);
    await ask('source', `SELECT source FROM files WHERE capture_id = '${attack}' AND path = '/etc/cron.d/.update-sys'`);
    await ask('finding', `SELECT finding_id FROM findings WHERE capture_id = '${attack}' AND signal = 'S4'`);
    await ask('address', `SELECT start_hex FROM memory_mappings WHERE capture_id = '${attack}' AND pid = 1 AND permissions = 'rwxp' ORDER BY start_hex`);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  it.each(Object.entries(pages))('%s is read in light and dark, on a screen and a telephone', async (name, path) => {
    const { page } = opened;
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto('about:blank');
    await opened.go(path.replaceAll(/\{(\w+)\}/g, (_, word: string) => encodeURIComponent(words.get(word) ?? '')));
    if (name === 'rules') {
      await page.getByRole('button', { name: /^Search/ }).click();
      await page.getByText(/ captures?, in [\d.]+ s\.$/).waitFor();
    }
    if (name.startsWith('sql')) await page.locator('.grid, .failure').first().waitFor();
    const faults: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await picture(page, `${name}-1280-${colorScheme}`);
      faults.push(...(await axeFaults(page)));
    }
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 375, height: 812 });
    await page.emulateMedia({ colorScheme: 'light' });
    await settled(page);
    await picture(page, `${name}-375-light`);
    expect(faults).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });

  it('complains of nothing but the answer that was refused', () => {
    expect(opened.complaints.filter((complaint) => !/404|422/.test(complaint))).toEqual([]);
    expect(opened.requests.filter((url) => !url.startsWith(served.origin) && url !== 'about:blank')).toEqual([]);
  });
});
