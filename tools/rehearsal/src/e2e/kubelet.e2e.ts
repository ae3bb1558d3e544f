import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArchiveName, readKubeletReply } from '@icecore/capture';
import { openArchive } from '@icecore/archive';
import { directKubelet } from '@icecore/kubernetes';
import { type Container, type Lab, startLab } from '@icecore/lab';
import { fileSource, folderSpool } from '@icecore/local';
import { openSnapshot } from '@icecore/snapshot';
import { labCheckpointer, type Rehearsal, startRehearsal } from '../index.ts';
import { capturingPolicy } from '../samples.test-support.ts';
import { countsOf } from './truth.test-support.ts';

const missing = process.env['ICECORE_LAB_MISSING'];

if (missing !== undefined) {
  it.todo(`is not tried, for there can be no real checkpoint here: ${missing}`);
} else {
  describe('a kubelet over HTTPS whose checkpoints are real', () => {
    let lab: Lab;
    let rehearsal: Rehearsal;
    const containers = new Map<string, Container>();
    const target = (container: string) => ({ namespace: 'shop', pod: 'api-1', container });
    const ask = (container: string, pod = 'api-1') => directKubelet({ url: rehearsal.kubelet.url, caFile: join(rehearsal.folder, 'kubelet-ca.pem'), tokenFile: join(rehearsal.folder, 'accounts/node/token') }).checkpoint({ ...target(container), pod }, 60);

    beforeAll(async () => {
      lab = await startLab();
      await lab.runContainer({ name: 'other-side', command: ['python3', '/srv/lab/listen.py', '4444'], options: ['--network=lab', '--ip=10.99.0.9'] });
      containers.set('counter', await lab.runContainer({ name: 'counter', command: ['python3', '/srv/lab/counter.py'], ready: /^count 1 /m }));
      containers.set('connected', await lab.runContainer({ name: 'connected', command: ['python3', '/srv/lab/python-shell.py', '10.99.0.9', '4444'], options: ['--network=lab'] }));
      rehearsal = await startRehearsal({ policy: capturingPolicy(), engine: 'cri-o', checkpointer: labCheckpointer(lab, { container: ({ container }) => containers.get(container), tcpEstablished: false }) });
      rehearsal.addPod({ namespace: 'shop', name: 'api-1', containers: ['counter', 'connected', 'ended'], ended: ['ended'], containerIds: Object.fromEntries([...containers].map(([name, { id }]) => [name, id])) });
    });
    afterAll(async () => {
      await rehearsal?.stop();
      await lab?.stop();
    });

    it('leaves an archive as the kubelet does: its name, its folder, a plain tar for root alone', async () => {
      const outcome = readKubeletReply(await ask('counter'));
      expect(outcome).toEqual({ kind: 'taken', path: expect.stringMatching(/^\/var\/lib\/kubelet\/checkpoints\/checkpoint-api-1_shop-counter-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\.tar$/) });
      const [name = ''] = readdirSync(rehearsal.checkpointFolder);
      expect(parseArchiveName(name)).toMatchObject({ pod: 'api-1', rest: 'shop-counter' });
      const path = join(rehearsal.checkpointFolder, name);
      expect([statSync(path).mode & 0o777, statSync(rehearsal.checkpointFolder).mode & 0o777]).toEqual([0o600, 0o700]);
      expect(readFileSync(path).subarray(257, 262).toString()).toBe('ustar');
      const spool = folderSpool();
      const snapshot = await openSnapshot(await openArchive(await fileSource(path), { spool }), { spool });
      expect(snapshot.container.id).toBe(containers.get('counter')?.id);
      // It goes on.
      const before = countsOf(containers.get('counter')?.log() ?? '').length;
      for (let waited = 0; waited < 200 && countsOf(containers.get('counter')?.log() ?? '').length === before; waited += 1) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(countsOf(containers.get('counter')?.log() ?? '').length).toBeGreaterThan(before);
    });

    it('says why CRIU gave up, in its words, and leaves no archive', async () => {
      const reply = await ask('connected');
      expect(reply).toMatchObject({ kind: 'answer', status: 500, body: expect.stringMatching(/^checkpointing of shop\/api-1\/connected failed \(rpc error: code = Unknown desc = failed to checkpoint container [0-9a-f]{64}: /) });
      expect(readKubeletReply(reply)).toMatchObject({ kind: 'failed', reason: 'TcpEstablished' });
      expect(readdirSync(rehearsal.checkpointFolder).filter((name) => name.includes('connected'))).toEqual([]);
    });

    test.each([['no such pod', 'counter', 'gone-1', 404, 'pod does not exist'], ['no such container', 'nope', 'api-1', 404, 'container nope does not exist'], ['a container that has ended', 'ended', 'api-1', 500, 'checkpointing of shop/api-1/ended failed (container ended not found)']] as const)('answers %s as a kubelet does', async (_what, container, pod, status, body) => {
      expect(await ask(container, pod)).toEqual({ kind: 'answer', status, body });
    });

    it('refuses two checkpoints of one container at once', async () => {
      const replies = await Promise.all([ask('counter'), ask('counter')]);
      expect(replies.map((reply) => readKubeletReply(reply).kind).sort()).toEqual(['failed', 'taken']);
      expect(rehearsal.kubelet.collisions).toBe(1);
      expect(existsSync(`/proc/${containers.get('counter')?.pid}`)).toBe(true);
    });
  });
}
