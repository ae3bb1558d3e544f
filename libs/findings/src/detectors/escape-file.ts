import { descriptorEvidence } from '../connections.ts';
import { detector } from '../detector.ts';
import { named } from '../programs.ts';

const levers = /\/release_agent$|\/core_pattern$|\/uevent_helper$|\/binfmt_misc\/|^\/proc\/sysrq-trigger$|^\/proc\/sys\/kernel\/(?:modprobe|hotplug|core_pattern)$|^\/sys\/kernel\/security\//;
const nodeDevices = /^\/dev\/(?:sd[a-z]\d*|nvme\d+n\d+(?:p\d+)?|vd[a-z]\d*|xvd[a-z]\d*|dm-\d+|mapper\/|mem$|kmem$|port$|mmcblk\d)/;
const storage = /^(?:csi-|node-driver|longhorn|rook|ceph|openebs|portworx|lvm|multipathd|udevd|fstrim)/;

export const escapeFile = detector({
  id: 'escape-file',
  signal: 'S56',
  title: 'Lever or disk of the node in a container’s hands',
  version: 1,
  techniques: ['T1611'],
  severity: 'critical',
  category: 'attack',
  needs: [],
  falsePositives: 'storage drivers, which work on the node’s disks',
  *detect({ snapshot }) {
    for (const process of snapshot.processes) {
      for (const descriptor of process.descriptors) {
        const { name, flags = 0 } = descriptor.file;
        const writes = (flags & 3) !== 0;
        const lever = levers.test(name) && writes;
        const device = nodeDevices.test(name);
        if (!lever && !device) continue;
        yield { pid: process.pid, summary: `${named(process)} has ${name} open${writes ? ' for writing' : ''}`, confidence: storage.test(process.comm) ? 'low' : lever || writes ? 'high' : 'medium', evidence: [descriptorEvidence(process, descriptor)], key: `${process.pid} ${name}` };
      }
    }
    const asked = new Set(snapshot.container.specifiedMounts.map(({ destination }) => destination));
    for (const { mountpoint, filesystem, source, externalKey } of snapshot.mounts) {
      if (!['ext4', 'ext3', 'xfs', 'btrfs'].includes(filesystem) || externalKey !== undefined || asked.has(mountpoint) || !source.startsWith('/dev/') || mountpoint === '/') continue;
      if ([...asked].some((destination) => mountpoint.startsWith(`${destination}/`)) || /^\/(?:etc\/(?:hosts|hostname|resolv\.conf)|dev\/termination-log|run\/\.containerenv)$/.test(mountpoint)) continue;
      yield { summary: `${source} (${filesystem}) is mounted at ${mountpoint}, which the specification does not ask for`, confidence: 'medium', evidence: [{ what: 'mount', path: mountpoint, value: `${source} ${filesystem}`, image: 'mountpoints-*.img' }], key: `mount ${mountpoint}` };
    }
  },
});
