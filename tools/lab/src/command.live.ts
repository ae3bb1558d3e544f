import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Ended } from './command.ts';
import { labFolders } from './folders.ts';
import { type Lab, missingForLab, startLab } from './index.ts';

const bundle = fileURLToPath(new URL('../../../apps/cli/dist', import.meta.url));
const reasons = [...missingForLab(), ...(existsSync(join(labFolders().root, '.packages')) ? [] : ['no lab is prepared: npx nx run @icecore/lab:prepare'])];
if (!existsSync(join(bundle, 'main.cjs'))) reasons.push('the command is not bundled: npx nx run @icecore/cli:bundle');

/** Captured while it sleeps. Awake, it goes on: a program under another name, a job of cron, tries to get out. */
const attack =
  'echo stage > /tmp/.stage; echo ready; sleep 4; cp /bin/sleep /tmp/.xmrig; /tmp/.xmrig 3600 & mkdir -p /etc/cron.d; echo "* * * * * root /tmp/.xmrig" > /etc/cron.d/woke; while true; do busybox wget -q -T 1 -O- http://10.99.0.9/ >/dev/null 2>&1; sleep 1; done';

if (reasons.length > 0) {
  describe('icecore restore sandbox --local', () => {
    it.todo(`is not tried here: ${reasons.join('; ')}`);
  });
} else {
  describe('icecore restore sandbox --local', () => {
    let lab: Lab;
    const work = (name: string): string => join(labFolders().work, name);
    const evidence = '/lab/sandbox-attack.tar.zst';
    const icecore = (...words: readonly string[]): Promise<Ended> => lab.command('/lab/command/node', ['/lab/command/main.cjs', ...words], { timeout: 120_000 });
    const sha256 = (name: string): string => createHash('sha256').update(readFileSync(work(name))).digest('hex');
    const containers = async (): Promise<string> => (await lab.command('podman', ['ps', '--all', '--format={{.Names}}'])).output.trim();

    beforeAll(async () => {
      lab = await startLab();
      clear();
      // The command and its Node, where the lab sees them.
      mkdirSync(work('command'));
      cpSync(process.execPath, work('command/node'));
      cpSync(bundle, work('command'), { recursive: true, filter: (path) => !path.startsWith(join(bundle, '.cache')) });
      await lab.command('podman', ['rm', '--force', '--time', '0', 'sandbox-attack']);
      const container = await lab.runContainer({ name: 'sandbox-attack', command: ['/bin/sh', '-c', attack], options: ['--network=lab'] });
      await sleep(500);
      const { failure } = await lab.checkpoint(container);
      if (failure !== undefined) throw new Error(failure);
      await lab.remove(container);
    });
    afterAll(async () => {
      await lab.stop();
      clear();
    });

    const clear = (): void => {
      for (const name of ['command', ...globSync('sandbox-*', { cwd: labFolders().work })]) rmSync(work(name), { recursive: true, force: true });
    };

    it('lets the copy live, captures it again, and tells a person what it did and nothing else', async () => {
      const before = sha256('sandbox-attack.tar.zst');
      const { status, output, errors } = await icecore('restore', 'sandbox', evidence, '--local', '--seconds', '6');
      expect({ status, errors }).toEqual({ status: 0, errors: '' });
      expect(output).toContain(`The copy lived for 6 s with lo and no route; the evidence is unchanged (sha256 ${before.slice(0, 12)}…). What it did when it woke:`);
      expect(output).toMatch(/\+ pid \d+ {2}ppid 1 {2}comm \.xmrig {2}executable \/tmp\/\.xmrig/);
      expect(output).toMatch(/\+ kind rootfs {2}path \/etc\/cron\.d\/woke {2}change present/);
      expect(output).toMatch(/\+ kind rootfs {2}path \/tmp\/\.xmrig {2}change present/);
      // What podman and the kernel gave it anew is not among it, and is counted.
      expect(output).not.toMatch(/lowerdir=|icecore-sandbox-\d|pipe:\[|10\.99\.0/);
      expect(output).toMatch(/\d+ more differences come from the restore and not from the copy/);
      expect(output.split('\n').length).toBeLessThan(30);
      expect(output).toContain(`Captured again as ${evidence}.sandbox/after.tar.zst`);
      expect(sha256('sandbox-attack.tar.zst')).toBe(before);
      expect(await containers()).toBe('');
      const findings = await icecore('findings', `${evidence}.sandbox/after.tar.zst`);
      expect(findings.output).toContain('/etc/cron.d/woke');
      expect((await icecore('findings', evidence)).output).not.toContain('/etc/cron.d/woke was written');
      // A second copy of the same evidence goes elsewhere.
      expect(await icecore('restore', 'sandbox', evidence, '--local')).toMatchObject({ status: 3, errors: expect.stringContaining('sandbox-attack.tar.zst.sandbox') });
    });

    it('wakes a redacted copy, in which the engine passes over the manifest', async () => {
      const copy = '/lab/sandbox-redacted.tar.zst';
      expect(await icecore('redact', evidence, '--file', 'ctr.log', '--out', copy, '--secret-key', '/lab/sandbox-key')).toMatchObject({ status: 0, errors: '' });
      const { status, output, errors } = await icecore('restore', 'sandbox', copy, '--local', '--seconds', '6', '--output', '/lab/sandbox-of-copy', '--json');
      expect({ status, errors }).toEqual({ status: 0, errors: '' });
      const told: { evidence_sha256: string; interfaces: string[]; routes: string[]; difference: { processes: { added: { comm: string }[] } } } = JSON.parse(output);
      expect(told).toMatchObject({ evidence_sha256: sha256('sandbox-redacted.tar.zst'), interfaces: ['lo'], routes: [] });
      expect(told.difference.processes.added.map(({ comm }) => comm)).toContain('.xmrig');
    });

    it('says why a copy cannot be woken, and leaves nothing behind', async () => {
      const { status, errors } = await icecore('restore', 'sandbox', '/lab/sandbox-none.tar', '--local');
      expect({ status, errors }).toMatchObject({ status: 3, errors: expect.stringContaining('sandbox-none.tar') });
      expect(existsSync(work('sandbox-none.tar.sandbox'))).toBe(false);
    });
  });
}
