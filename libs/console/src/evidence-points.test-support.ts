import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import type { Locator } from 'playwright-core';
import { apartArchive, tmpfsText } from './apart-archive.test-support.ts';
import { expectSoon, icecore, type OpenedPage, picture, settled } from './console.test-support.ts';

/** What the suite of the points has prepared; what is opened anew is asked for each time. */
export interface Bench {
  opened(): OpenedPage;
  /** The capture of the attack. */
  attack(): string;
  rows(): Locator;
  readonly lake: string;
  /** Folder of archives that come while the console runs. */
  readonly more: string;
  readonly attackSample: string;
}

/** The points that need the bytes of captures, and captures that come later: one that is like the attack, and one after that. */
export function evidencePoints({ opened, attack, rows, lake, more, attackSample }: Bench): void {
  describe('with captures that come later', () => {
    let id = '';
    const apart = (): string => id;
    beforeAll(async () => {
      writeFileSync(join(more, 'apart.tar'), await apartArchive(readFileSync(attackSample)));
      icecore('analyze', join(more, 'apart.tar'), '--lake', lake);
      id = String((await opened().sql("SELECT capture_id FROM captures WHERE archive_name = 'apart.tar'"))[0]?.[0]);
      expect(id).toMatch(/^[0-9a-f]{32}$/);
    });

    it('1, 11: pastes a YARA rule and is told what it reads before it is searched for in all memory, and can stop it', async () => {
      const { page, go } = opened();
      const rule = 'rule shell\n{\n  strings:\n    $a = "LD_PRELOAD=/tmp/.libhook.so" // what hooks\n  condition:\n    $a\n}';
      await go('/');
      await page.keyboard.press('/');
      await page.evaluate((text) => {
        const data = new DataTransfer();
        data.setData('text/plain', text);
        document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      }, rule);
      await page.locator('.rule-form').waitFor();
      expect(await page.getByLabel('Rule', { exact: true }).inputValue()).toBe(rule);
      expect(await page.locator('.cost').innerText()).toMatch(/^Reads [\d.]+ MiB of memory of 7 captures, and their files and queues\.$/);
      await page.getByLabel('Rule', { exact: true }).press('Control+Enter');
      await page.getByText(/^\d+ places in [\d.]+ MiB of 7 captures, in [\d.]+ s\.$/).waitFor();
      expect(await rows().first().innerText()).toMatch(/LD_PRELOAD=\/tmp\/\.libhook\.so/);
      await picture(page, 'point-1-yara');
      await rows().first().click();
      await page.locator('.hex').waitFor();
      expect(page.url()).toContain(`/memory?capture=${attack()}`);

      // A rule that is written on one line needs no paste, one that is wrong says where, and one that takes long is stopped.
      await go('/');
      await page.keyboard.press('/');
      await page.keyboard.insertText('rule no { strings: $a = "no-such-text-anywhere" condition: $a }');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^Search/ }).click();
      await page.getByText('No archive that is at hand matches.').waitFor();
      await page.getByLabel('Rule', { exact: true }).fill('rule wrong { condition: $b }');
      await page.getByRole('button', { name: /^Search/ }).click();
      await page.getByText(/The rule cannot be used: .*\$b/).waitFor();
      await page.getByLabel('Rule', { exact: true }).fill('include "/etc/passwd"\nrule a { condition: true }');
      await page.getByRole('button', { name: /^Search/ }).click();
      await page.getByText('may not include files').waitFor();
      await page.getByLabel('Rule', { exact: true }).fill('rule slow { condition: for any i in (0..5000000) : ( uint8(i) == 300 ) }');
      await page.getByRole('button', { name: /^Search/ }).click();
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByText(/, cancelled\.$/).waitFor();
      // The browser tells of what was refused.
      expect(opened().complaints.splice(0).filter((complaint) => !/409/.test(complaint))).toEqual([]);
    });

    it('5: is offered what a capture is worth comparing with: the same container before, the same image as a baseline', async () => {
      const { page, go, sql } = opened();
      const offered = page.getByRole('complementary', { name: 'Compare with' });
      await go(`/captures/${attack()}`);
      await offered.getByRole('link', { name: 'the same container, earlier' }).click();
      await page.getByText('Both are of the same container').waitFor();
      expect(new URL(page.url()).search).toBe(`?before=${apart()}&after=${attack()}`);
      const [[id] = []] = await sql("SELECT capture_id FROM captures WHERE archive_name = 'podman-loop.tar.zst'");
      await go(`/captures/${String(id)}`);
      expect(await offered.getByRole('listitem').first().innerText()).toMatch(/^the same image, .* · nothing grave$/);
      await offered.getByRole('link').first().press('Enter');
      await page.getByText('These are two containers').waitFor();
      expect(new URL(page.url()).searchParams.getAll('before').concat(new URL(page.url()).searchParams.getAll('after'))).toContain(id);
    });

    it('6: sees where the tree crosses into other namespaces', async () => {
      const { page, go } = opened();
      await go(`/captures/${apart()}?tab=processes&pid=23`);
      expect(await page.locator('.boundary').allInnerTexts()).toEqual([expect.stringMatching(/net, mnt namespaces of its own from here on/)]);
      expect(await page.locator('#process-23 .facts').innerText()).toMatch(/Namespaces\s+net, mnt apart from its parent’s/);
      expect(await page.locator('li.apart').allInnerTexts()).toHaveLength(1);
      await picture(page, 'point-6-boundary');
      await go(`/captures/${attack()}?tab=processes`);
      expect(await page.locator('.boundary').count()).toBe(0);
    });

    it('7: colours memory by what was written and by how random it is, and reads a region that can be run as code', async () => {
      const { page, go } = opened();
      await go(`/captures/${attack()}?tab=memory&pid=1`);
      await page.getByLabel('Colour by').selectOption('written');
      await page.locator('.memory-map .w-own').first().waitFor();
      expect(await page.locator('.memory-map .w-file title').first().textContent()).toMatch(/differs from its file/);
      await page.getByLabel('Colour by').selectOption('entropy');
      await page.locator('.memory-map .e-2').first().waitFor();
      expect(page.url()).toContain('colour=entropy');
      const bits = (await page.locator('.memory-map title').allTextContents()).flatMap((title) => /, ([\d.]+) bits a byte$/.exec(title)?.[1] ?? []).map(Number);
      expect(bits.length).toBeGreaterThan(5);
      expect(Math.max(...bits)).toBeLessThanOrEqual(8);
      await picture(page, 'point-7-entropy');
      await go(`/memory?capture=${attack()}&pid=1&at=7f8988dff000`);
      await page.getByRole('link', { name: 'Code' }).click();
      await page.locator('.grid[aria-label="Instructions"] .grid-row.opens').first().waitFor();
      // 7f 45: jg +0x45.
      expect(await rows().first().innerText()).toMatch(/7f8988dff000\s+7f 45\s+jg\s+0x7f8988dff047/);
      await picture(page, 'point-7-code');
    });

    it('9: goes through the files by where they lay, with keys alone: in a tmpfs, deleted and still open', async () => {
      const { page, go } = opened();
      await go(`/captures/${apart()}?tab=files`);
      const places = page.getByRole('navigation', { name: 'Where files lay' });
      expect(await places.innerText()).toMatch(/everywhere[\s\S]*root file system[\s\S]*tmpfs[\s\S]*deleted, still open[\s\S]*in memory alone/);
      await places.getByRole('link', { name: /^tmpfs/ }).press('Enter');
      await page.waitForURL('**origin=tmpfs');
      await settled(page);
      await go(`${new URL(page.url()).pathname}${new URL(page.url()).search}&text=.stage`);
      const file = page.locator('.grid-row.opens', { hasText: '.stage/run.sh' });
      await file.waitFor();
      await page.getByRole('grid', { name: 'files' }).focus();
      for (let i = 0; i < 10 && !(await file.getAttribute('class'))?.includes('active'); i += 1) await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.locator('pre.text').waitFor();
      expect((await page.locator('pre.text').innerText()).trim()).toBe(tmpfsText.trim());
      await picture(page, 'point-9-tmpfs');
      await go(`/captures/${apart()}?tab=files&origin=deleted`);
      await page.locator('.grid-row.opens', { hasText: '/tmp/.xmrig' }).click();
      await page.locator('.content .hex').waitFor();
      expect(await page.locator('.content').innerText()).toMatch(/46\.4 KiB[\s\S]*7f 45 4c 46/);
    });

    it('11: has new captures asked a question and a rule as they come, and sees in which they found something', async () => {
      const { page, go } = opened();
      await go('/hunts/pivot-path?path=%2Ftmp');
      await page.getByRole('button', { name: 'Watch new captures' }).click();
      await page.getByText('watched from now on').waitFor();
      await go(`/rules#${new URLSearchParams({ rule: 'rule hook { strings: $a = "LD_PRELOAD=/tmp/.libhook.so" condition: $a }' })}`);
      await page.getByRole('button', { name: 'Watch new captures' }).click();
      await page.getByText('watched from now on').waitFor();
      await go('/hunts/rare-binaries');
      await page.getByRole('button', { name: 'Watch new captures' }).click();
      await page.getByText('cannot be asked of a new one alone').waitFor();
      await go('/hunts');
      const watch = (name: string): Locator => page.locator('.watch', { hasText: name });
      expect(await watch('/tmp').innerText()).toContain('nothing yet');
      // The attack again, as another file: a capture that is new to the lake.
      writeFileSync(join(more, 'again.tar'), zstdDecompressSync(readFileSync(attackSample)));
      icecore('analyze', join(more, 'again.tar'), '--lake', lake);
      await expectSoon(async () => {
        await page.getByRole('button', { name: 'Refresh' }).click();
        return (await page.locator('.watches').innerText()).match(/in 1 capture/g)?.length === 2;
      });
      expect(await watch('hook').innerText()).toMatch(/\d+ places/);
      await picture(page, 'point-11-watches');
      await watch('hook').getByRole('link', { name: /^[0-9a-f]{12}$/ }).click();
      await page.locator('.capture-head').waitFor();
      expect(await opened().sql(`SELECT archive_name FROM captures WHERE capture_id = '${page.url().split('/').at(-1) ?? ''}'`)).toEqual([['again.tar']]);
      await go('/hunts');
      await page.getByRole('button', { name: 'Stop watching hook' }).click();
      await watch('hook').waitFor({ state: 'detached' });
      expect(opened().complaints.splice(0).filter((complaint) => !/409/.test(complaint))).toEqual([]);
    });
  });
}
