import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { conditionHolds } from '@icecore/capture';
import { readAll } from '@icecore/bytes';
import { objectKeys, parseManifest } from '@icecore/evidence';
import { type ContainerTruth, truthOf } from '@icecore/lab';
import { jsonObjects, mustIcecore } from '../command-line.ts';
import { type Answers, answers } from '../demo/answers.ts';
import { evidence, type SealedCapture } from '../demo/evidence.ts';
import { evidenceFaults } from '../evidence-check.test-support.ts';
import { falcoAlert } from '../samples.test-support.ts';
import { tellStory } from '../story.ts';
import { type AttackedPod, attacker, startAttackedPod } from './attacked-pod.test-support.ts';
import { countsOf, filelessOf, processLines, shellsOf } from './truth.test-support.ts';

const missing = process.env['ICECORE_LAB_MISSING'];
const width = 100;

if (missing !== undefined) {
  it.todo(`is not tried, for there can be no real checkpoint here: ${missing}`);
} else {
  describe('an attacked container, from the alert to the answer', () => {
    const folder = mkdtempSync(join(tmpdir(), 'icecore-e2e-'));
    const lake = ['--lake', join(folder, 'lake')];
    const story = tellStory((text) => process.stdout.write(text), width, () => performance.now());
    let pod: AttackedPod;
    let truth: ContainerTruth;
    let sealed: SealedCapture;
    let told: Answers;
    let nodeAtEnd: string[] = [];

    const query = async (sql: string): Promise<Readonly<Record<string, unknown>>[]> => jsonObjects(await mustIcecore(['query', ...lake, '--json', sql], [0, 1])).map((row) => Object.fromEntries(Object.entries(row ?? {})));

    beforeAll(async () => {
      story.lines('', 'An attacked container, from the alert to the answer. Real container, real checkpoint.', '');
      pod = await startAttackedPod();
      const { rehearsal, api } = pod;
      const [alerts, node] = [rehearsal.start('alerts'), pod.startNode()];
      const { url } = await alerts.ready;
      await node.ready;
      story.step('cluster', `Pod shop/api-7c9d8f6b5-x2x9q of two containers of podman; a kubelet that checkpoints them with CRIU; evidence goes to ${rehearsal.vaultPlace}.`);
      truth = truthOf(api);
      story.step('truth', `From /proc: ${truth.processes.length} processes; ${shellsOf(truth).map(({ pid, address, port }) => `${pid} is a shell on ${address}:${port}`).join(', ')}; ${filelessOf(truth).map(({ pid }) => `${pid} runs from a memfd`).join(', ')}.`);
      const alert = falcoAlert('shop', 'api-7c9d8f6b5-x2x9q', 'api', { rule: 'Fileless execution via memfd_create', fields: { 'container.id': api.id.slice(0, 12), 'proc.cmdline': '[kworker/0:1] -o stratum+tcp://pool.invalid:3333' } });
      sealed = await evidence({ rehearsal, alert, url: `${url}/alerts`, node, story });
      nodeAtEnd = rehearsal.archives();
      await sleep(1000);
      const place = ['--vault', rehearsal.vaultPlace, '--key', rehearsal.signingKey];
      told = await answers({ key: sealed.key, place, lake, story, width, hunts: [
        ['reverse-shells', ['pid', 'command_line', 'executable', 'remote_address', 'remote_port']],
        ['fileless-code', ['pid', 'comm', 'kind', 'what', 'bytes']],
        ['deleted-executables', ['pid', 'comm', 'executable', 'sha256']],
      ] });
    });
    afterAll(async () => {
      await pod?.stop();
      rmSync(folder, { recursive: true });
    });

    it('seals evidence that holds, and leaves nothing of it on the node', async () => {
      const captures = pod.rehearsal.captures();
      expect(captures.map(({ status, spec }) => [status.phase, spec.subject])).toEqual([['sealed', 'shop/api-7c9d8f6b5-x2x9q/api']]);
      expect(captures.every((capture) => conditionHolds(capture, 'NodeCopyRemoved'))).toBe(true);
      expect(nodeAtEnd).toEqual([]);
      const verified = await mustIcecore(['verify', '--json', '--vault', pod.rehearsal.vaultPlace, '--key', pod.rehearsal.signingKey, ...lake]);
      expect(jsonObjects(verified)).toMatchObject([{ holds: true }]);
      expect(await evidenceFaults(pod.rehearsal, captures, 'captured hashed uploaded sealed verified decoded derived')).toEqual([]);
    });

    it('takes beside the archive what a checkpoint misses', async () => {
      const { side, gaps } = parseManifest(await readAll(await pod.rehearsal.vault.open(objectKeys.manifest(sealed.key))));
      expect([side.map(({ key }) => key.slice(key.lastIndexOf('/') + 1)).sort(), gaps]).toEqual([['changed-files.tar', 'container.log', 'events.json', 'node-processes.json', 'node.json', 'pod.json'], []]);
    });

    it('does not disturb the container: it counts on, and stood still no longer than CRIU says', () => {
      const counts = countsOf(pod.api.log());
      expect(counts.map(({ count }) => count)).toEqual(counts.map((_, i) => i + 1));
      const still = counts.slice(1).map(({ at }, i) => Number(at - (counts[i]?.at ?? at)) / 1e6);
      const longest = Math.max(...still);
      const frozen = (pod.frozen[0] ?? 0) / 1000;
      story.lines('');
      story.step('frozen', `CRIU says ${frozen.toFixed(0)} ms; the container itself missed at most ${longest.toFixed(0)} ms between two of its ${counts.length} counts.`);
      expect(pod.frozen).toHaveLength(1);
      expect(frozen).toBeGreaterThan(0);
      // Counts come every 20 ms; a busy machine adds to both.
      expect(longest).toBeGreaterThan(frozen * 0.9);
      expect(longest).toBeLessThan(frozen + 5000);
      expect(countsOf(pod.proxy.log()).length).toBeGreaterThan(10);
    });

    it('finds the processes that were there', async () => {
      const rows = await query(`SELECT pid, comm, command_line FROM processes WHERE capture_id = '${told.captureId}'`);
      const found = rows.map(({ pid, comm, command_line }) => ({ pid: Number(pid), comm: String(comm), arguments: String(command_line ?? '') }));
      expect(processLines(found)).toEqual(processLines(truth.processes.map(({ ns_pid, comm, cmdline }) => ({ pid: ns_pid, comm, arguments: cmdline.join(' ') }))));
    });

    it('finds the reverse shell, and where it leads', () => {
      expect(shellsOf(truth)).toMatchObject([attacker]);
      expect(told.found.get('reverse-shells')?.map(({ pid, remote_address, remote_port }) => ({ pid, address: remote_address, port: remote_port }))).toEqual(shellsOf(truth));
    });

    it('finds the miner that no file holds, and gives its bytes', async () => {
      const fileless = filelessOf(truth);
      expect(fileless).toHaveLength(1);
      expect(told.found.get('deleted-executables')?.map(({ pid, sha256 }) => ({ pid, sha256 }))).toEqual(fileless);
      expect(told.found.get('fileless-code')?.map(({ pid }) => pid)).toEqual(expect.arrayContaining(fileless.map(({ pid }) => pid)));
    });

    it('finds the dropped files by the hash that they had', async () => {
      const dropped = truth.processes.find(({ exe }) => exe?.endsWith('/kthread') === true);
      const rows = await query(`SELECT path, sha256 FROM files WHERE capture_id = '${told.captureId}' AND (path LIKE '%/kthread' OR path LIKE '%/udevd') ORDER BY path`);
      expect(rows).toEqual(expect.arrayContaining([{ path: '/var/tmp/.../kthread', sha256: dropped?.exe_sha256 }]));
      expect(rows.map(({ sha256 }) => sha256)).toContain(dropped?.exe_sha256);
    });

    it('says of each what is wrong with it, and of which process', async () => {
      const rows = await query(`SELECT signal, pid, severity FROM findings WHERE capture_id = '${told.captureId}' AND severity IN ('critical', 'high')`);
      const [shell, fileless] = [shellsOf(truth)[0]?.pid, filelessOf(truth)[0]?.pid];
      const dropped = truth.processes.find(({ exe }) => exe?.endsWith('/kthread') === true)?.ns_pid;
      expect(rows.map(({ signal, pid }) => `${String(signal)} ${String(pid)}`)).toEqual(expect.arrayContaining([`S17 ${shell}`, `S1 ${fileless}`, `S14 ${fileless}`, `S13 ${dropped}`]));
      // What is grave is told of the attacker's processes, and not of the service that counts.
      const counting = truth.processes.find(({ cmdline }) => cmdline.includes('/srv/lab/counter.py'))?.ns_pid;
      expect(rows.filter(({ pid }) => pid === counting)).toEqual([]);
    });
  });
}
