import type { FieldChange, SnapshotDifference } from '@icecore/difference';
import { ownDoing } from './own-doing.ts';

const none = { added: [], removed: [], changed: [] };
const name = { containerId: null, name: null, checkpointedAt: null };
const empty: SnapshotDifference = {
  before: name, after: name, container: [], processes: none, environments: [], descriptors: [], sockets: none, mappings: [], pages: null,
  changedFiles: null, hiddenFiles: null, mounts: none, network: { interfaces: none, addresses: none, rules: [] }, notCompared: [], gaps: { before: [], after: [] },
};
const field = (of: string, before: FieldChange['before'], after: FieldChange['after']): FieldChange => ({ field: of, before, after });

describe('what a copy did when it woke', () => {
  const kept: [string, Partial<SnapshotDifference>][] = [
    ['a mount that is no longer read only', { mounts: { ...none, changed: [{ mountpoint: '/data', fields: [field('flags', ['MS_RDONLY'], []), field('device', '0:1', '0:2')] }] } }],
    ['a mount that came', { mounts: { ...none, added: [{ mountpoint: '/mnt', filesystem: 'tmpfs', source: 'none', root: '/', flags: [] }] } }],
    ['an address that came', { network: { ...empty.network, addresses: { ...none, added: ['tun0 10.1.1.1'] } } }],
    ['a pipe where a file was', { descriptors: [{ pid: 1, ...none, changed: [{ fd: 1, fields: [field('file', '/dev/null', 'pipe:[5]')] }] }] }],
    ['another image', { container: [field('image', 'a', 'b')] }],
  ];
  it.each(kept)('holds %s', (_, part) => {
    const difference = { ...empty, ...part };
    expect(ownDoing(difference)).toEqual({ difference, leftOut: 0 });
  });

  const leftOut: [string, Partial<SnapshotDifference>][] = [
    ['an id that podman gave', { container: [field('id', 'a', 'b')] }],
    ['the number of a device', { mounts: { ...none, changed: [{ mountpoint: '/dev', fields: [field('device', '0:48', '0:54')] }] } }],
    ['a mask of runc that is another device', { mounts: { ...none, changed: [{ mountpoint: '/proc/keys', fields: [field('filesystem', 'tmpfs', 'devtmpfs'), field('flags', ['MS_NOSUID'], ['MS_RELATIME'])] }] } }],
    ['the pipe of a new conmon', { descriptors: [{ pid: 1, ...none, changed: [{ fd: 1, fields: [field('file', 'pipe:[5]', 'pipe:[7]'), field('flags', 1, 32769)] }] }] }],
    ['the network that it was denied', { network: { ...empty.network, addresses: { ...none, removed: ['eth0 10.99.0.1/24'] } } }],
  ];
  it.each(leftOut)('is not %s, which is counted', (_, part) => {
    expect(ownDoing({ ...empty, ...part })).toEqual({ difference: empty, leftOut: 1 });
  });
});
