import type { CheckpointArchive, Engine } from '@icecore/archive';
import { type Gap, isDamageError } from '@icecore/bytes';
import { imageTypes } from '@icecore/criu';
import { auxvPageSize } from '@icecore/linux';
import { type ContainerSnapshot, type NamespaceKind, sharedWithNode, type Socket } from '@icecore/snapshot';
import { architectureOf } from '../image/architecture.ts';
import { cgroupsOf } from '../image/facts.ts';
import { type BaseImage, criuOfDump, kernelOfDump, readConfigFacts } from '../metadata.ts';
import { firstMessage } from '../first-message.ts';
import { type CpuNeeds, cpuNeeds } from './cpu-features.ts';

/** What a restore of an archive needs of the machine that it is done on. What the archive does not tell is undefined. */
export interface RestoreNeeds {
  readonly engine: Engine;
  readonly runtime: string | undefined;
  readonly architecture: string | undefined;
  readonly cpu: CpuNeeds;
  /** Kernel of the dump, and the features in the archive that only newer kernels have. */
  readonly kernel: string | undefined;
  readonly kernelFeatures: readonly { readonly what: string; readonly since: string }[];
  readonly criu: string | undefined;
  readonly pageSize: number | undefined;
  readonly baseImage: BaseImage;
  readonly bindMounts: readonly { readonly source: string; readonly destination: string }[];
  /** Named volumes; whether the archive brings their content along. */
  readonly volumes: readonly { readonly name: string; readonly included: boolean }[];
  readonly connections: readonly Socket[];
  readonly lsm: 'selinux' | 'apparmor' | undefined;
  readonly apparmorProfile: string | undefined;
  readonly ownNamespaces: readonly NamespaceKind[];
  readonly nodeNamespaces: readonly NamespaceKind[];
  readonly joinedNamespaces: readonly { readonly kind: string; readonly path: string }[];
  readonly cgroups: 'v1' | 'v2' | undefined;
  /** Devices of the node besides those that every container has. */
  readonly devices: readonly string[];
  /** Most open files that a process may have, of all processes. */
  readonly openFileLimit: bigint | undefined;
  readonly memoryBytes: number;
  /** Pages are in an earlier dump, which the archive does not hold. */
  readonly incremental: boolean;
  readonly damage: readonly Gap[];
}

const usualDevices = /^\/dev\/(?:null|zero|full|u?random|tty|console|ptmx|pts(?:\/.*)?|shm(?:\/.*)?|mqueue(?:\/.*)?|fd(?:\/.*)?|std(?:in|out|err)|core|termination-log|net\/tun)$/;
/** Mounts that engines make for each container anew. */
const engineMounts = new Set(['/etc/hosts', '/etc/resolv.conf', '/etc/hostname', '/run/.containerenv', '/dev/shm', '/dev/termination-log', '/run/secrets/kubernetes.io/serviceaccount', '/var/run/secrets/kubernetes.io/serviceaccount', '/run/secrets', '/etc/podinfo']);

export async function restoreNeeds(archive: CheckpointArchive, snapshot: ContainerSnapshot): Promise<RestoreNeeds> {
  const { container, processes, dump } = snapshot;
  const config = await readConfigFacts(archive);
  const binds = container.specifiedMounts.filter(({ type, options, destination }) => (type === 'bind' || options.includes('bind') || options.includes('rbind')) && !engineMounts.has(destination));
  const volumes = binds.flatMap(({ source }) => /\/storage\/volumes\/([^/]+)\/_data$/.exec(source)?.[1] ?? []);
  const limits = processes.flatMap((each) => each.limits.filter(({ name }) => name === 'RLIMIT_NOFILE').map(({ hard }) => hard));
  const own = processes[0]?.namespaces;
  return {
    engine: container.engine,
    runtime: config.runtime,
    architecture: architectureOf(dump.machine),
    cpu: await cpuNeeds(archive, snapshot),
    kernel: await kernelOfDump(archive),
    kernelFeatures: await kernelFeatures(snapshot),
    criu: await criuOfDump(archive),
    pageSize: processes.map(({ auxiliaryVector }) => pageSizeOf(auxiliaryVector)).find((size) => size !== undefined),
    baseImage: config,
    bindMounts: binds.filter(({ source }) => !/\/storage\/volumes\/[^/]+\/_data$/.test(source)).map(({ source, destination }) => ({ source, destination })),
    volumes: volumes.map((name) => ({ name, included: archive.entries.has(`volumes/${name}.tar`) })),
    connections: snapshot.sockets.filter(({ family, state }) => /^AF_INET6?$/.test(family) && state === 'ESTABLISHED'),
    lsm: dump.lsm === 'SELINUX' ? 'selinux' : dump.lsm === 'APPARMOR' ? 'apparmor' : undefined,
    apparmorProfile: container.specification?.apparmorProfile,
    ownNamespaces: own === undefined ? [] : (['pid', 'net', 'ipc', 'uts', 'mnt', 'user', 'cgroup', 'time'] as const).filter((kind) => own[kind] !== undefined && !sharedWithNode(own, snapshot.nodeNamespaces).includes(kind)),
    nodeNamespaces: own === undefined ? [] : sharedWithNode(own, snapshot.nodeNamespaces),
    joinedNamespaces: [...(container.specification?.namespaces ?? [])].flatMap(([kind, path]) => (path === undefined || path === '' ? [] : [{ kind, path }])),
    cgroups: cgroupsOf(snapshot),
    devices: [...new Set([...(container.specification?.devices ?? []), ...processes.flatMap(({ descriptors }) => descriptors.map(({ file }) => file.name).filter((name) => name.startsWith('/dev/')))])].filter((path) => !usualDevices.test(path)).sort(),
    openFileLimit: limits.reduce<bigint | undefined>((most, each) => (most === undefined || each > most ? each : most), undefined),
    memoryBytes: dump.pageBytes,
    incremental: dump.incremental,
    damage: snapshot.gaps.filter(({ code }) => code !== 'not_captured'),
  };
}

function pageSizeOf(vector: ReadonlyMap<bigint, bigint>): number | undefined {
  try {
    return auxvPageSize(vector);
  } catch (error) {
    if (!isDamageError(error)) throw error;
    return undefined;
  }
}

/** What in the archive asks for a kernel of a certain age (CRIU's own requirements, and the manual pages' HISTORY). */
async function kernelFeatures({ processes, images, namespaces }: ContainerSnapshot): Promise<{ what: string; since: string }[]> {
  const features: { what: string; since: string }[] = [];
  const files = processes.flatMap(({ descriptors, executable }) => [...descriptors.map(({ file }) => file), ...(executable === undefined ? [] : [executable])]);
  if (files.some(({ type }) => type === 'MEMFD')) features.push({ what: 'files in memory alone (memfd_create)', since: '3.17' });
  if (files.some(({ type }) => type === 'PIDFD')) features.push({ what: 'descriptors of processes (pidfd_open)', since: '5.3' });
  if (namespaces.uidMap.length > 0) features.push({ what: 'a user namespace', since: '3.8' });
  for (const name of images.names()) {
    const source = /^timens-\d+\.img$/.test(name) ? images.open(name) : undefined;
    const offsets = source === undefined ? undefined : await firstMessage(source, name, imageTypes.TIMENS);
    if (offsets !== undefined) features.push({ what: 'a time namespace', since: '5.6' });
  }
  return features;
}
