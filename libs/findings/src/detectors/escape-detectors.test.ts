import type { Specification, SpecifiedMount } from '@icecore/snapshot';
import { descriptorOf, fileOf, mountOf, processOf } from '@icecore/snapshot/test-support';
import { open, type Scene, started, tcp } from '../examination.test-support.ts';
import { answers } from './answers.test-support.ts';
import { clusterAccess } from './cluster-access.ts';
import { coveredProcess } from './covered-process.ts';
import { escapeConfiguration } from './escape-configuration.ts';
import { escapeFile } from './escape-file.ts';
import { leakedDescriptor } from './leaked-descriptor.ts';
import { nodeNamespace } from './node-namespace.ts';

const own = (...kinds: string[]): Specification['namespaces'] => new Map(kinds.map((kind) => [kind, undefined]));
const modest: Specification = {
  capabilities: { bounding: ['CAP_CHOWN'], effective: ['CAP_CHOWN'] },
  noNewPrivileges: true,
  apparmorProfile: undefined,
  selinuxLabel: undefined,
  seccomp: true,
  maskedPaths: ['/proc/kcore'],
  readonlyPaths: ['/proc/sys'],
  readonlyRoot: false,
  namespaces: own('pid', 'network', 'ipc', 'uts', 'mount'),
  devices: [],
  allDevices: false,
  uid: undefined,
};
const set = (parts: Partial<Specification>): Scene => ({ container: { specification: { ...modest, ...parts } } });
const bound = (source: string, destination: string, ...options: string[]): Scene => {
  const mount: SpecifiedMount = { source, destination, type: 'bind', options: ['rbind', ...options] };
  return { container: { specification: modest, specifiedMounts: [mount] } };
};
const sandbox = '/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/0a';

answers(escapeConfiguration, [
  ['a privileged container', set({ capabilities: { bounding: ['CAP_SYS_ADMIN'], effective: [] }, allDevices: true }), ['- high']],
  ['one grave capability', set({ capabilities: { bounding: ['CAP_SYS_PTRACE'], effective: [] } }), ['- high']],
  ['every device', set({ allDevices: true }), ['- high']],
  ['a disk of the node', set({ devices: ['/dev/fuse', '/dev/sda'] }), ['- high']],
  ['nothing masked', set({ maskedPaths: [], readonlyPaths: [] }), ['- medium']],
  ['no filter', set({ seccomp: false }), ['- low']],
  ['no profile', set({ apparmorProfile: 'unconfined' }), ['- low']],
  ['no pid namespace of its own', set({ namespaces: own('network', 'ipc') }), ['- medium']],
  ['the node’s network namespace by its path', set({ namespaces: new Map([...own('pid', 'ipc'), ['network', '/proc/1/ns/net']]) }), ['- medium']],
  ['the engine’s socket', bound('/var/run/docker.sock', '/var/run/docker.sock'), ['- high']],
  ['the node’s file system', bound('/', '/host'), ['- high']],
  ['the node’s settings, read-only', bound('/etc', '/host/etc', 'ro'), ['- medium']],
  ['the containers of the node', bound('/var/lib/docker', '/d'), ['- high']],
  ['a modest container', set({}), []],
  ['a network namespace of its pod', set({ namespaces: new Map([...own('pid', 'ipc'), ['network', '/var/run/netns/cni-1']]) }), []],
  ['the name files of a pod', { container: { specification: modest, specifiedMounts: ['hostname', 'resolv.conf'].map((name) => ({ source: `${sandbox}/${name}`, destination: `/etc/${name}`, type: 'bind', options: ['rbind'] })) } }, []],
  ['the name files of Docker', bound('/var/lib/docker/containers/0a/hosts', '/etc/hosts'), []],
  ['a volume of Docker', bound('/var/lib/docker/volumes/data/_data', '/data'), []],
  ['a part of a pod’s volume', bound('/var/lib/kubelet/pods/1/volume-subpaths/c/app/0', '/etc/app.conf'), []],
  ['a folder that only begins like one of the node', bound('/library', '/books'), []],
  ['the time zone', bound('/usr/share/zoneinfo/UTC', '/etc/localtime', 'ro'), []],
  ['an archive without a specification', {}, []],
]);

const ids = { pid: 9, net: 10, ipc: 11, uts: 12, mnt: 13, user: 7, cgroup: 8, time: 5 };

answers(nodeNamespace, [
  ['the node’s processes', { processes: [processOf(1, { namespaces: { ...ids, pid: 1 } })], snapshot: { nodeNamespaces: { ...ids, pid: 1, net: 2, ipc: 3, uts: 4, mnt: 6 } } }, ['- high']],
  ['the node’s network', { processes: [processOf(1, { namespaces: { ...ids, net: 2 } })], snapshot: { nodeNamespaces: { ...ids, pid: 1, net: 2, ipc: 3, uts: 4, mnt: 6 } } }, ['- medium']],
  ['namespaces of its own', { processes: [processOf(1, { namespaces: ids })], snapshot: { nodeNamespaces: { ...ids, pid: 1, net: 2, ipc: 3, uts: 4, mnt: 6 } } }, []],
  ['a dump that does not say', { processes: [processOf(1)] }, []],
]);

const mounts = [mountOf('/', { mountId: 10 })];

answers(leakedDescriptor, [
  ['a working folder through another’s descriptor', { processes: [started(5, '/bin/sh', ['sh'], { cwd: fileOf('/proc/self/fd/7/') })] }, ['5 high']],
  ['a working folder in no mount of the container', { processes: [started(5, '/bin/sh', ['sh'], { cwd: fileOf('/sys/fs/cgroup', { mountId: 99 }) })], snapshot: { mounts } }, ['5 high']],
  ['a folder that is open and in no mount of the container', { processes: [started(5, '/bin/sh', ['sh'], { descriptors: [descriptorOf(7, '/', { mountId: 99, mode: 0o40755 })] })], snapshot: { mounts } }, ['5 high']],
  ['a namespace that is open', { processes: [started(5, '/bin/sh', ['sh'], { descriptors: [descriptorOf(7, 'mnt:[1]', { type: 'NS' })] })] }, ['5 medium']],
  ['folders of the container', { processes: [started(5, '/bin/sh', ['sh'], { cwd: fileOf('/app', { mountId: 10 }), descriptors: [descriptorOf(7, '/data', { mountId: 10, mode: 0o40755 })] })], snapshot: { mounts } }, []],
  ['a dump without mounts', { processes: [started(5, '/bin/sh', ['sh'], { cwd: fileOf('/app', { mountId: 10 }) })] }, []],
]);

const writing = (path: string, flags: number): Scene => ({ processes: [started(5, '/bin/sh', ['sh'], { descriptors: [descriptorOf(3, path, { flags })] })] });

answers(escapeFile, [
  ['a lever that is open for writing', writing('/proc/sys/kernel/core_pattern', 1), ['5 high']],
  ['the release agent', writing('/tmp/cgrp/release_agent', 2), ['5 high']],
  ['a disk of the node', writing('/dev/nvme0n1p1', 0), ['5 medium']],
  ['a disk that was mounted', { snapshot: { mounts: [mountOf('/mnt', { source: '/dev/sda1', filesystem: 'ext4' })] } }, ['- medium']],
  ['a lever that is read', writing('/proc/sys/kernel/core_pattern', 0), []],
  ['an ordinary device', writing('/dev/null', 2), []],
  ['a mount that was asked for', { container: { specifiedMounts: [{ source: '/srv', destination: '/data', type: 'bind', options: [] }] }, snapshot: { mounts: [mountOf('/data', { source: '/dev/sda1', filesystem: 'ext4' })] } }, []],
]);

const talking = (program: string, to: string): Scene => ({
  processes: [started(5, program, [program], { environment: { state: 'captured', values: ['KUBERNETES_SERVICE_HOST=10.96.0.1'] }, descriptors: open([3], 50) })],
  sockets: [tcp(50, to)],
});

answers(clusterAccess, [
  ['a tool of clusters', { processes: [started(5, '/usr/local/bin/kubectl', ['kubectl', 'get', 'pods'])] }, ['5 medium']],
  ['a downloader at the API server', talking('/usr/bin/curl', '10.96.0.1:443'), ['5 high']],
  ['with less confidence a program at a kubelet', talking('/opt/app', '10.0.0.9:10250'), ['5 low']],
  ['an operator at the API server', talking('/manager', '10.96.0.1:443'), []],
  ['an address that ends alike', talking('/usr/bin/curl', '110.96.0.1:443'), []],
]);

answers(coveredProcess, [
  ['a mount over a process', { processes: [processOf(7)], snapshot: { mounts: [mountOf('/proc/7')] } }, ['7 high']],
  ['one over a process that has gone', { snapshot: { mounts: [mountOf('/proc/99')] } }, ['- high']],
  ['what engines mask', { snapshot: { mounts: [mountOf('/proc/kcore'), mountOf('/proc/sys')] } }, []],
  ['the file system itself', { snapshot: { mounts: [mountOf('/proc', { filesystem: 'proc' })] } }, []],
]);
