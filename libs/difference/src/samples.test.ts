import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memorySpool, openArchive } from '@icecore/archive';
import { memorySource } from '@icecore/bytes';
import { type ContainerSnapshot, openSnapshot } from '@icecore/snapshot';
import { compareSnapshots, isEmpty, type SnapshotDifference, summarise } from './index.ts';
import { mirrorOf } from './mirror.test-support.ts';

const samples = fileURLToPath(new URL('../../../samples/', import.meta.url));
const names = {
  podman: 'podman-loop.tar.zst',
  userns: 'podman-userns.tar.gz',
  attack: 'podman-attack.tar.zst',
  kubelet: 'checkpoint-loop_lab-counter-2026-11-23T07-26-29Z.tar',
  crio: 'crio-loop.tar',
} as const;

async function open(name: string): Promise<ContainerSnapshot> {
  const spool = memorySpool();
  return openSnapshot(await openArchive(memorySource(readFileSync(samples + name)), { spool }), { spool });
}

interface Truth {
  readonly container: string;
  readonly processes: readonly { readonly ns_pid: number; readonly environ: readonly string[]; readonly status: Readonly<Record<string, string>> }[];
}

function truthOf(name: string): Truth {
  return JSON.parse(readFileSync(`${samples}truth/${name.replace(/\.tar(\.\w+)?$/, '')}.truth.json`, 'utf8'));
}

function fieldsOf(difference: SnapshotDifference, pid: number): Record<string, unknown> {
  const found = difference.processes.changed.find((change) => change.pid === pid);
  return Object.fromEntries((found?.fields ?? []).map(({ field, before, after }) => [field, [before, after]]));
}

const present = Object.values(names).every((name) => existsSync(samples + name));

(present ? describe : describe.skip)('a real checkpoint', () => {
  it.each(Object.values(names))('%s differs from itself in nothing, and says which pages it does not hold', async (name) => {
    const difference = await compareSnapshots(await open(name), await open(name));
    const { equalPages, unknownPages } = summarise(difference);
    expect(isEmpty(difference)).toBe(true);
    expect(equalPages).toBeGreaterThan(10);
    expect(unknownPages).toBeGreaterThan(0);
    expect(difference.gaps.before).toEqual(difference.gaps.after);
    expect(difference.notCompared.filter(({ subject }) => subject !== 'network interfaces and rules')).toEqual([]);
  });

  it('of the same program under another engine runs the same, with the rights and variables that the truth tells', async () => {
    const difference = await compareSnapshots(await open(names.kubelet), await open(names.crio));
    const [before, after] = [truthOf(names.kubelet), truthOf(names.crio)];
    expect(difference.container).toContainEqual({ field: 'id', before: before.container, after: after.container });
    const changed = fieldsOf(difference, 1);
    for (const same of ['arguments', 'executable', 'comm', 'state', 'uid', 'gid', 'cwd', 'ppid']) expect(changed).not.toHaveProperty(same);
    expect(changed['capabilities.effective']).toEqual([expect.arrayContaining(['CAP_NET_RAW', 'CAP_MKNOD']), expect.not.arrayContaining(['CAP_NET_RAW', 'CAP_MKNOD'])]);
    expect([before, after].map(({ processes }) => processes[0]?.status['CapEff'])).toEqual(['00000000a80425fb', '00000000000005fb']);
    const environment = difference.environments.find(({ pid }) => pid === 1);
    const only = (own: Truth, other: Truth): string[] => {
      const names = (truth: Truth): string[] => (truth.processes[0]?.environ ?? []).map((text) => text.split('=')[0] ?? '');
      return names(own).filter((each) => !names(other).includes(each)).sort();
    };
    expect(environment?.added.map(({ name }) => name)).toEqual(only(after, before));
    expect(environment?.removed.map(({ name }) => name)).toEqual(only(before, after));
    expect(environment?.changed).toContainEqual({ name: 'HOSTNAME', before: 'loop', after: 'bpod' });
  });

  it('in a user namespace differs from one without by its maps of ids', async () => {
    const difference = await compareSnapshots(await open(names.podman), await open(names.userns));
    const map = difference.container.find(({ field }) => field === 'uid_map');
    expect(map?.before).toEqual([]);
    expect(map?.after).not.toEqual([]);
    expect(fieldsOf(difference, 1)).not.toHaveProperty('arguments');
    expect(difference.processes.removed.map(({ pid, comm }) => [pid, comm])).toEqual([[4, 'sleep']]);
    expect(difference.processes.added.map(({ pid, comm }) => [pid, comm])).toEqual([[7, 'sleep']]);
  });

  it('of an attacked container shows what came: programs, their hidden files, the shell’s socket', async () => {
    const before = await open(names.podman);
    const after = await open(names.attack);
    const difference = await compareSnapshots(before, after);
    expect(difference.processes.added).toMatchObject([{ pid: 21, executable: '/memfd:x (deleted)' }, { comm: '.xmrig' }, { comm: 'sh' }, { comm: 'sleep' }]);
    expect(difference.hiddenFiles?.added.map(({ kind, path }) => [kind, path])).toEqual([['memfd', '/memfd:x'], ['deleted', '/tmp/.xmrig']]);
    expect(difference.sockets.added).toMatchObject([{ state: 'ESTABLISHED', remote: '10.88.0.1:4444' }]);
    expect(mirrorOf(await compareSnapshots(after, before))).toEqual(difference);
  });
});
