import { createHash } from 'node:crypto';
import { DamageError, type Gap } from '@icecore/bytes';
import { imageFolder } from '@icecore/memory';
import type { ContainerSnapshot, Process, SeccompFilter, Socket } from '@icecore/snapshot';
import { compareSnapshots, isEmpty, type SnapshotDifference, summarise } from './index.ts';
import {
  addressesAt,
  changedFileOf,
  credentialsOf,
  descriptorOf,
  fileOf,
  hiddenFileOf,
  mappingOf,
  memoryOf,
  mountOf,
  networkOf,
  processOf,
  snapshotOf,
  socketOf,
  threadOf,
} from '@icecore/snapshot/test-support';

const none = { added: [], removed: [], changed: [] };

function compareProcess(before: Partial<Process>, after: Partial<Process>, pid = 7): Promise<SnapshotDifference> {
  return compareSnapshots(snapshotOf({ processes: [processOf(pid, before)] }), snapshotOf({ processes: [processOf(pid, after)] }));
}

describe('the container', () => {
  it('that is another is told field by field, an annotation by its key', async () => {
    const before = snapshotOf();
    const after: ContainerSnapshot = {
      ...before,
      container: { ...before.container, id: 'c2', image: 'image:2', annotations: new Map([['team', 'red']]) },
      namespaces: { ...before.namespaces, uidMap: [{ inside: 0, outside: 100000, count: 65536 }] },
    };
    const difference = await compareSnapshots(before, after);
    expect(difference.container).toEqual([
      { field: 'id', before: 'c1', after: 'c2' },
      { field: 'image', before: 'image:1', after: 'image:2' },
      { field: 'uid_map', before: [], after: ['0 100000 65536'] },
      { field: 'annotations.team', before: null, after: 'red' },
    ]);
    expect([difference.before.containerId, difference.after.containerId]).toEqual(['c1', 'c2']);
  });

  it('is unchanged by the mere time of the checkpoint, which is told beside', async () => {
    const before = snapshotOf();
    const after = { ...before, container: { ...before.container, checkpointedAt: new Date(1e12) } };
    const difference = await compareSnapshots(before, after);
    expect(isEmpty(difference)).toBe(true);
    expect(difference.after.checkpointedAt).toBe('2001-09-09T01:46:40.000Z');
  });
});

describe('a process', () => {
  it.each<[string, Partial<Process>, Partial<Process>, unknown[]]>([
    ['arguments', {}, { arguments: { state: 'captured', values: ['app', '-x'] } }, [{ field: 'arguments', before: ['app'], after: ['app', '-x'] }]],
    ['executable, once unlinked', {}, { executable: fileOf('/bin/app', { deleted: true }) }, [{ field: 'executable', before: '/bin/app', after: '/bin/app (deleted)' }]],
    ['name', {}, { comm: 'kworker' }, [{ field: 'comm', before: 'app', after: 'kworker' }]],
    ['state', {}, { state: 'stopped' }, [{ field: 'state', before: 'alive', after: 'stopped' }]],
    ['user', {}, { credentials: credentialsOf({ uid: 33 }) }, [{ field: 'uid', before: 0, after: 33 }]],
    ['capabilities', {}, { credentials: credentialsOf({}, ['CAP_SYS_ADMIN']) }, [{ field: 'capabilities.effective', before: [], after: ['CAP_SYS_ADMIN'] }]],
    ['working directory', {}, { cwd: fileOf('/tmp') }, [{ field: 'cwd', before: '/', after: '/tmp' }]],
    ['parent', { ppid: 4 }, { ppid: 1 }, [{ field: 'ppid', before: 4, after: 1 }]],
  ])('tells its %s', async (_, before, after, fields) => {
    const { processes } = await compareProcess(before, after);
    expect(processes).toEqual({ added: [], removed: [], changed: [{ pid: 7, fields, threads: none }] });
  });

  it('is told by its filters, not by their numbers in the dump', async () => {
    const filter = (index: number, listing: string): SeccompFilter => ({ index, previous: undefined, flags: 0, instructions: 1, listing: [listing], summary: undefined });
    const under = (index: number) => [processOf(7, { threads: [threadOf(7, { seccomp: { mode: 'filter', filter: index } })] })];
    const before = snapshotOf({ processes: under(0), seccompFilters: [filter(0, 'allow')] });
    const moved = snapshotOf({ processes: under(1), seccompFilters: [filter(0, 'kill'), filter(1, 'allow')] });
    const other = snapshotOf({ processes: under(0), seccompFilters: [filter(0, 'kill')] });
    expect(isEmpty(await compareSnapshots(before, moved))).toBe(true);
    expect((await compareSnapshots(before, other)).processes.changed[0]?.fields.map(({ field }) => field)).toEqual(['seccomp.filters']);
  });

  it('tells threads that came, went, and changed', async () => {
    const before = { threads: [threadOf(7), threadOf(8), threadOf(9)] };
    const after = { threads: [threadOf(7), threadOf(9, { credentials: credentialsOf({ euid: 5 }) }), threadOf(10)] };
    const { processes } = await compareProcess(before, after);
    expect(processes.changed[0]?.threads).toEqual({ added: [10], removed: [8], changed: [{ tid: 9, fields: [{ field: 'euid', before: 0, after: 5 }] }] });
  });

  const other = { comm: 'evil', executable: fileOf('/tmp/evil') };
  it('whose pid another program took is removed and added', async () => {
    const { processes } = await compareProcess({}, { ...other, addresses: addressesAt(0x9000n) });
    expect(processes.changed).toEqual([]);
    expect(processes.removed).toMatchObject([{ pid: 7, executable: '/bin/app' }]);
    expect(processes.added).toMatchObject([{ pid: 7, executable: '/tmp/evil', arguments: ['app'] }]);
  });

  it.each<[string, Partial<Process>, number]>([
    ['has another executable and the same layout', other, 7],
    ['has the same executable and another layout', { addresses: addressesAt(0x9000n) }, 7],
    ['is the first of the container, and did an exec', { ...other, addresses: addressesAt(0x9000n) }, 1],
  ])('that %s is the same process', async (_, after, pid) => {
    const { processes } = await compareProcess({}, after, pid);
    expect([processes.added, processes.removed]).toEqual([[], []]);
  });

  it('whose arguments could not be read says so, and claims no change', async () => {
    const difference = await compareProcess({ arguments: { state: 'unavailable', reason: 'memory is unavailable' } }, {});
    expect(isEmpty(difference)).toBe(true);
    expect(difference.notCompared).toContainEqual({ side: 'before', subject: 'arguments of process 7', reason: 'memory is unavailable' });
  });
});

describe('an environment', () => {
  const environment = (...values: string[]): Partial<Process> => ({ environment: { state: 'captured', values } });
  it('tells variables added, removed and changed, doubled ones too', async () => {
    const { environments } = await compareProcess(environment('A=1', 'B=2', 'A=x', 'GONE'), environment('A=1', 'B=3=4', 'NEW=', 'A=y'));
    expect(environments).toEqual([
      {
        pid: 7,
        added: [{ name: 'NEW', value: '' }],
        removed: [{ name: 'GONE', value: null }],
        changed: [
          { name: 'A', before: 'x', after: 'y' },
          { name: 'B', before: '2', after: '3=4' },
        ],
      },
    ]);
  });

  it('that is not whole is not compared, for what is missing was not removed', async () => {
    const partial: Partial<Process> = { environment: { state: 'partial', values: ['A=1'], reason: 'memory is unavailable' } };
    const difference = await compareProcess(environment('A=1', 'B=2'), partial);
    expect(difference.environments).toEqual([]);
    expect(difference.notCompared).toEqual([{ side: 'after', subject: 'environment of process 7', reason: 'memory is unavailable' }]);
  });
});

describe('descriptors', () => {
  it('are told by number: opened, closed, and on another file', async () => {
    const before = { descriptors: [descriptorOf(0, '/dev/null'), descriptorOf(1, 'pipe:[5]'), descriptorOf(3, '/log', { position: 5n })] };
    const after = { descriptors: [descriptorOf(9, '/etc/shadow'), descriptorOf(1, 'socket:[8]'), descriptorOf(3, '/log', { position: 9n })] };
    const { descriptors } = await compareProcess(before, after);
    expect(descriptors).toEqual([
      {
        pid: 7,
        added: [{ fd: 9, type: 'REG', file: '/etc/shadow' }],
        removed: [{ fd: 0, type: 'REG', file: '/dev/null' }],
        changed: [
          { fd: 1, fields: [{ field: 'file', before: 'pipe:[5]', after: 'socket:[8]' }] },
          { fd: 3, fields: [{ field: 'position', before: 5, after: 9 }] },
        ],
      },
    ]);
  });
});

describe('sockets', () => {
  const unnamed: Partial<Socket> = { family: 'UNIX', protocol: '', local: undefined, remote: undefined, path: '' };
  const compare = async (before: Partial<Socket>[], after: Partial<Socket>[]) =>
    (await compareSnapshots(snapshotOf({ sockets: before.map(socketOf) }), snapshotOf({ sockets: after.map(socketOf) }))).sockets;

  it.each<[string, Partial<Socket>, Partial<Socket>, string[]]>([
    ['with the same ends and another state', {}, { state: 'CLOSE_WAIT' }, ['state']],
    ['with bytes that wait', {}, { receiveQueue: { bytes: 12, messages: [] } }, ['receiveQueueBytes']],
    ['with the same ends and another inode', {}, { inode: 8 }, ['inode']],
    ['without a name, by its inode', unnamed, { ...unnamed, peerInode: 9 }, ['peerInode']],
    ['that was bound in between, by its inode', { local: { address: '0.0.0.0', port: 0 }, remote: undefined }, { remote: undefined }, ['local']],
  ])('%s are the same socket', async (_, before, after, fields) => {
    const { added, removed, changed } = await compare([before], [after]);
    expect([added, removed]).toEqual([[], []]);
    expect(changed.map((change) => change.fields.map(({ field }) => field))).toEqual([fields]);
  });

  it('without a name and of other inodes are others', async () => {
    expect(await compare([unnamed], [{ ...unnamed, inode: 8 }])).toMatchObject({ added: [{ inode: 8 }], removed: [{ inode: 7 }], changed: [] });
  });

  it('on one address go with their own inode first', async () => {
    const { added, removed, changed } = await compare([{ inode: 1 }, { inode: 2 }], [{ inode: 2 }]);
    expect([added, removed.map(({ inode }) => inode), changed]).toEqual([[], [1], []]);
  });

  it('are named by both ends, IPv6 in brackets', async () => {
    const { added } = await compare([], [{ family: 'INET6', local: { address: '::1', port: 5 }, remote: undefined }]);
    expect(added).toMatchObject([{ local: '[::1]:5', remote: null }]);
  });
});

describe('mappings', () => {
  const compare = async (before: Process['mappings'], after: Process['mappings']) => (await compareProcess({ mappings: before }, { mappings: after })).mappings[0];

  it('tell new permissions, another file, and growth', async () => {
    const change = await compare(
      [mappingOf(1, 1), mappingOf(4, 2, { name: '[heap]' }), mappingOf(9, 1, { name: '/lib/a' })],
      [mappingOf(1, 1, { permissions: 'rwxp' }), mappingOf(4, 3, { name: '[heap]' }), mappingOf(9, 1, { name: '/tmp/b' })],
    );
    expect([change?.added, change?.removed]).toEqual([[], []]);
    expect(change?.changed.map(({ fields }) => fields)).toEqual([
      [{ field: 'permissions', before: 'rw-p', after: 'rwxp' }],
      [{ field: 'end', before: '0x6000', after: '0x7000' }],
      [{ field: 'name', before: '/lib/a', after: '/tmp/b' }],
    ]);
  });

  it('that were split are the rest and a new one', async () => {
    const change = await compare([mappingOf(1, 4)], [mappingOf(1, 3), mappingOf(4, 1, { permissions: 'r-xp' })]);
    expect(change?.changed.map(({ fields }) => fields)).toEqual([[{ field: 'end', before: '0x5000', after: '0x4000' }]]);
    expect(change?.added).toEqual([{ start: '0x4000', end: '0x5000', permissions: 'r-xp', name: '', offset: '0x0' }]);
  });
});

describe('files', () => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const compare = (before: Parameters<typeof snapshotOf>, after: Parameters<typeof snapshotOf>) => compareSnapshots(snapshotOf(...before), snapshotOf(...after));

  it('are told where added, removed, of other content, mode or owner', async () => {
    const before = [changedFileOf('/a', 'one'), changedFileOf('/b', 'same'), changedFileOf('/gone', '')];
    const after = [changedFileOf('/new', 'evil'), changedFileOf('/b', 'same', { mode: 0o4755, uid: 5 }), changedFileOf('/a', 'two')];
    const { changedFiles } = await compare([{}, before], [{}, after]);
    expect(changedFiles).toEqual({
      added: [{ kind: 'rootfs', path: '/new', change: 'present', size: 4, sha256: sha256('evil') }],
      removed: [{ kind: 'rootfs', path: '/gone', change: 'present', size: 0, sha256: sha256('') }],
      changed: [
        { kind: 'rootfs', path: '/a', fields: [{ field: 'sha256', before: sha256('one'), after: sha256('two') }] },
        { kind: 'rootfs', path: '/b', fields: [{ field: 'mode', before: 0o644, after: 0o4755 }, { field: 'uid', before: 0, after: 5 }] },
      ],
    });
  });

  it('that are hidden are compared by content too', async () => {
    const { hiddenFiles } = await compare([{}, [], [hiddenFileOf('/memfd:x', 'one')]], [{}, [], [hiddenFileOf('/memfd:x', 'two'), hiddenFileOf('/memfd:y', '')]]);
    expect(hiddenFiles).toMatchObject({ added: [{ path: '/memfd:y' }], removed: [], changed: [{ path: '/memfd:x', fields: [{ field: 'sha256' }] }] });
  });

  const damaged = { size: 3, read: () => Promise.reject(new DamageError('missing', 'bytes are not in the archive')) };
  it.each([
    ['cannot be read', changedFileOf('/a', 'one', { source: damaged }), 'bytes are not in the archive'],
    ['are cut', changedFileOf('/a', 'on', { size: 3 }), 'the archive has 2 of 3 bytes'],
    ['are larger than we follow', changedFileOf('/a', '', { size: 2 ** 50, source: { ...damaged, size: 2 ** 50 } }), 'more than 68719476736 bytes of files'],
  ])('that %s are not compared, and not equal', async (_, file, reason) => {
    const difference = await compare([{}, [changedFileOf('/a', 'one', { size: file.entry?.size ?? 0 })]], [{}, [file]]);
    expect(difference.changedFiles).toEqual(none);
    expect(difference.notCompared).toContainEqual({ side: 'after', subject: 'content of /a', reason });
  });
});

describe('mounts and network', () => {
  it('tell what was mounted, unmounted and remounted', async () => {
    const before = snapshotOf({ mounts: [mountOf('/'), mountOf('/tmp', { mountId: 2 }), mountOf('/old')] });
    const after = snapshotOf({ mounts: [mountOf('/'), mountOf('/tmp', { mountId: 9, flags: ['MS_RDONLY'] }), mountOf('/host')] });
    expect((await compareSnapshots(before, after)).mounts).toMatchObject({
      added: [{ mountpoint: '/host' }],
      removed: [{ mountpoint: '/old' }],
      changed: [{ mountpoint: '/tmp', fields: [{ field: 'flags', before: [], after: ['MS_RDONLY'] }] }],
    });
  });

  const rules = async (before: string, after: string) =>
    (await compareSnapshots(snapshotOf({ network: networkOf({ iptables: before }) }), snapshotOf({ network: networkOf({ iptables: after }) }))).network.rules;
  it('tell rules by line and by order, not by counters and comments', async () => {
    expect(await rules('# Monday\n[1:2] -A A\n-A B\n', '# Friday\n[3:4] -A A\n-A B\n')).toEqual([]);
    expect(await rules('-A A\n-A B\n', '-A A\n-A C\n')).toEqual([{ rules: 'iptables', added: ['-A C'], removed: ['-A B'], reordered: false }]);
    expect(await rules('-A A\n-A B\n', '-A B\n-A A\n')).toEqual([{ rules: 'iptables', added: [], removed: [], reordered: true }]);
  });

  it('that one dump does not have are not compared', async () => {
    const rich = networkOf({ iptables: '-A A', interfaces: [{ index: 1, name: 'eth0', kind: 'VETH', mtu: 1500, mac: undefined }] });
    const difference = await compareSnapshots(snapshotOf({ network: rich }), snapshotOf({ network: networkOf({ dumped: false }) }));
    expect(isEmpty(difference)).toBe(true);
    expect(difference.notCompared).toEqual([{ side: 'after', subject: 'network interfaces and rules', reason: 'the network namespace is not part of the dump' }]);
  });
});

describe('a comparison', () => {
  it('with a pre-dump, which has memory alone, claims nothing of what is not in it', async () => {
    const missing = (image: string): Gap => ({ code: 'missing', subject: image, reason: 'there is no such image', place: { image } });
    const tmpfs = { ...changedFileOf('/tmp/a', ''), kind: 'tmpfs' as const };
    const full = snapshotOf({ processes: [processOf(1)], sockets: [socketOf()], mounts: [mountOf('/')] }, [changedFileOf('/a', ''), tmpfs], [hiddenFileOf('/memfd:x', '')]);
    const bare = snapshotOf({ gaps: [missing('pstree.img'), missing('files.img')], images: imageFolder(new Map()), dump: { ...full.dump, rootfsBytes: undefined } });
    const difference = await compareSnapshots(bare, full);
    expect(isEmpty(difference)).toBe(true);
    expect(difference.notCompared.map(({ side, subject }) => [side, subject])).toEqual([
      ['before', 'changes to the root file system'],
      ['before', 'descriptors, sockets and hidden files'],
      ['before', 'files of tmpfs'],
      ['before', 'mounts'],
      ['before', 'processes'],
    ]);
  });

  it.each<[string, Partial<Process>, Gap['place'], string[]]>([
    ['a table of open files', {}, { image: 'fdinfo-2.img' }, ['descriptors of process 7']],
    ['a memory map', { arguments: { state: 'unavailable', reason: 'mm-7.img cannot be read' } }, { image: 'mm-7.img' }, ['arguments of process 7', 'mappings of process 7', 'memory pages of process 7']],
  ])('without %s claims nothing of it', async (_, lost, place, subjects) => {
    const gap: Gap = { code: 'truncated', subject: 'image', reason: 'cut', place };
    const whole = processOf(7, { descriptors: [descriptorOf(1, '/a')], ...memoryOf([{ page: 16, pages: '1' }]) });
    const bare = processOf(7, { descriptors: place.image === 'mm-7.img' ? whole.descriptors : [], mappings: [], memory: undefined, ...lost });
    const before = place.image === 'mm-7.img' ? whole : { ...whole, mappings: [], memory: undefined };
    const difference = await compareSnapshots(snapshotOf({ processes: [before] }), snapshotOf({ processes: [bare], gaps: [gap] }));
    expect(isEmpty(difference)).toBe(true);
    expect(difference.notCompared.map(({ subject }) => subject)).toEqual(subjects);
  });

  it('carries the gaps of either side, which are no change', async () => {
    const gap: Gap = { code: 'missing', subject: 'process 7', reason: 'there is no such image', place: {} };
    const difference = await compareSnapshots(snapshotOf(), snapshotOf({ gaps: [gap] }));
    expect(difference.gaps).toEqual({ before: [], after: [gap] });
    expect([isEmpty(difference), summarise(difference).gaps]).toEqual([true, { before: 0, after: 1 }]);
  });

  it('leaves out what was not asked for, and says so', async () => {
    const difference = await compareSnapshots(snapshotOf(), snapshotOf({}, [changedFileOf('/a', '')]), { memory: false, files: false });
    expect([difference.pages, difference.changedFiles, difference.hiddenFiles]).toEqual([null, null, null]);
  });

  it('stops when it is told to', async () => {
    await expect(compareSnapshots(snapshotOf(), snapshotOf(), { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
