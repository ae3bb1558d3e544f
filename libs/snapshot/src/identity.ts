import type { CheckpointArchive, Engine } from '@icecore/archive';
import type { Gap } from '@icecore/bytes';
import { type Fields, readMetadata, textMap } from './metadata.ts';

/** Which container this was, from the metadata of whatever engine ran it. What the archive does not say is undefined. */
export interface ContainerIdentity {
  readonly engine: Engine;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly image: string | undefined;
  /** Digest or id of the image. */
  readonly imageRef: string | undefined;
  readonly runtime: string | undefined;
  readonly pod: { readonly name: string | undefined; readonly namespace: string | undefined; readonly uid: string | undefined } | undefined;
  readonly createdAt: Date | undefined;
  /** When the checkpoint was taken: the engine's own word, or the archive's time stamps where it has none. */
  readonly checkpointedAt: Date | undefined;
  readonly checkpointedAtSource: 'config.dump' | 'archive' | undefined;
  readonly command: readonly string[];
  readonly hostname: string | undefined;
  readonly terminal: boolean | undefined;
  readonly annotations: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
  /** Mounts as the runtime specification asks for them. */
  readonly specifiedMounts: readonly SpecifiedMount[];
  readonly logPath: string | undefined;
  /** What the runtime specification allows the container; undefined where the archive has no `spec.dump`. */
  readonly specification: Specification | undefined;
}

/** The parts of an OCI runtime specification (`config.json`) that decide how far a process can reach. */
export interface Specification {
  readonly capabilities: { readonly bounding: readonly string[]; readonly effective: readonly string[] };
  readonly noNewPrivileges: boolean;
  readonly apparmorProfile: string | undefined;
  readonly selinuxLabel: string | undefined;
  /** A system call filter is asked for. */
  readonly seccomp: boolean;
  readonly maskedPaths: readonly string[];
  readonly readonlyPaths: readonly string[];
  readonly readonlyRoot: boolean;
  /** Kinds of namespaces that are the container's own, with the path of one that is joined. */
  readonly namespaces: ReadonlyMap<string, string | undefined>;
  readonly devices: readonly string[];
  /** Every device may be used. */
  readonly allDevices: boolean;
  readonly uid: number | undefined;
}

export interface SpecifiedMount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

export async function readIdentity(archive: CheckpointArchive, gaps: Gap[]): Promise<ContainerIdentity> {
  const config = await readMetadata(archive, 'config.dump', gaps);
  const spec = await readMetadata(archive, 'spec.dump', gaps);
  const status = await readMetadata(archive, 'status.dump', gaps);
  const process = spec?.object('process');
  for (const [path, found] of [['config.dump', config], ['spec.dump', spec]] as const) {
    if (found === undefined && !archive.entries.has(path)) {
      gaps.push({ code: 'missing', subject: `what ${path} says of the container`, reason: 'there is no such file', place: { entry: path } });
    }
  }
  const annotations = new Map([...textMap(spec?.object('annotations')), ...textMap(status?.object('annotations')), ...archive.annotations]);
  const fullName = config?.text('name');
  const taken = checkpointTime(archive, config?.text('checkpointedTime'));
  return {
    engine: engineOf(annotations, config, status !== undefined),
    id: config?.text('id') ?? status?.text('id') ?? annotations.get('io.kubernetes.cri-o.ContainerID'),
    name: nameOf(annotations, fullName, status),
    image: config?.text('rootfsImageName') ?? config?.text('RawImageName') ?? status?.object('image')?.text('image') ?? annotations.get('io.kubernetes.cri-o.ImageName'),
    imageRef: config?.text('rootfsImageRef') ?? config?.text('rootfsImageID') ?? status?.text('image_ref'),
    runtime: config?.text('runtime'),
    pod: podOf(annotations, fullName ?? ''),
    createdAt: dateOf(config?.text('createdTime')),
    checkpointedAt: taken?.at,
    checkpointedAtSource: taken?.source,
    command: process?.texts('args') ?? config?.texts('command') ?? [],
    hostname: spec?.text('hostname'),
    terminal: process === undefined ? undefined : (process.flag('terminal') ?? false),
    annotations,
    labels: new Map([...jsonLabels(annotations.get('io.kubernetes.cri-o.Labels')), ...textMap(config?.object('labels')), ...textMap(status?.object('labels'))]),
    specifiedMounts: (spec?.objects('mounts') ?? []).map((mount) => ({
      destination: mount.text('destination') ?? '',
      type: mount.text('type') ?? '',
      source: mount.text('source') ?? '',
      options: mount.texts('options') ?? [],
    })),
    logPath: annotations.get('io.kubernetes.cri-o.LogPath') ?? status?.text('log_path') ?? config?.text('logPath'),
    get specification() {
      return spec === undefined ? undefined : specificationOf(spec);
    },
  };
}

function specificationOf(spec: Fields): Specification {
  const process = spec.object('process');
  const linux = spec.object('linux');
  const capabilities = process?.object('capabilities');
  const rules = linux?.object('resources')?.objects('devices') ?? [];
  return {
    capabilities: { bounding: capabilities?.texts('bounding') ?? [], effective: capabilities?.texts('effective') ?? [] },
    noNewPrivileges: process?.flag('noNewPrivileges') === true,
    apparmorProfile: process?.text('apparmorProfile'),
    selinuxLabel: process?.text('selinuxLabel'),
    seccomp: linux?.object('seccomp') !== undefined,
    maskedPaths: linux?.texts('maskedPaths') ?? [],
    readonlyPaths: linux?.texts('readonlyPaths') ?? [],
    readonlyRoot: spec.object('root')?.flag('readonly') === true,
    namespaces: new Map((linux?.objects('namespaces') ?? []).map((namespace) => [namespace.text('type') ?? '', namespace.text('path')])),
    devices: (linux?.objects('devices') ?? []).map((device) => device.text('path') ?? ''),
    allDevices: rules.some((rule) => rule.flag('allow') === true && (rule.text('type') ?? 'a') === 'a' && !rule.has('major')),
    uid: process?.object('user')?.number('uid'),
  };
}

function engineOf(annotations: ReadonlyMap<string, string>, config: Fields | undefined, hasStatus: boolean): Engine {
  const manager = annotations.get('io.container.manager');
  if (manager === 'libpod') return 'podman';
  if (manager === 'cri-o') return 'cri-o';
  if (hasStatus || annotations.has('io.kubernetes.cri.container-type')) return 'containerd';
  return config?.has('lockID') === true ? 'podman' : 'unknown';
}

function nameOf(annotations: ReadonlyMap<string, string>, fullName: string | undefined, status: Fields | undefined): string | undefined {
  const named =
    annotations.get('io.kubernetes.container.name') ??
    annotations.get('io.kubernetes.cri.container-name') ??
    annotations.get('io.kubernetes.cri-o.KubeName') ??
    status?.object('metadata')?.text('name');
  if (named !== undefined) return named;
  const criName = /^k8s_([^_]+)_[^_]+_[^_]+_[^_]+_\d+$/.exec(fullName ?? '')?.[1];
  return criName ?? fullName;
}

function podOf(annotations: ReadonlyMap<string, string>, name: string): ContainerIdentity['pod'] {
  const labels = jsonLabels(annotations.get('io.kubernetes.cri-o.Labels'));
  // `k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT`, as dockershim, CRI-O and containerd name containers.
  const parts = /^(?:k8s_)?[^_]+_([^_]+)_([^_]+)_([^_]+)_\d+$/.exec(name);
  const first = (...keys: string[]): string | undefined => keys.map((key) => annotations.get(key) ?? labels.get(key)).find((value) => value !== undefined);
  const pod = {
    name: first('io.kubernetes.pod.name', 'io.kubernetes.cri.sandbox-name') ?? parts?.[1],
    namespace: first('io.kubernetes.pod.namespace', 'io.kubernetes.cri.sandbox-namespace') ?? parts?.[2],
    uid: first('io.kubernetes.pod.uid', 'io.kubernetes.cri.sandbox-uid') ?? parts?.[3],
  };
  return pod.name === undefined && pod.namespace === undefined && pod.uid === undefined ? undefined : pod;
}

function jsonLabels(json: string | undefined): ReadonlyMap<string, string> {
  if (json === undefined) return new Map();
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed !== 'object' || parsed === null) return new Map();
    return new Map(Object.entries(parsed).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : [])));
  } catch {
    return new Map();
  }
}

function checkpointTime(archive: CheckpointArchive, told: string | undefined): { at: Date; source: 'config.dump' | 'archive' } | undefined {
  const date = dateOf(told);
  if (date !== undefined) return { at: date, source: 'config.dump' };
  const inventory = archive.images().get('inventory.img') ?? archive.images().get('pstree.img');
  const stamp = inventory === undefined || inventory.modifiedAt <= 0 ? undefined : dateOf(new Date(inventory.modifiedAt * 1000));
  return stamp === undefined ? undefined : { at: stamp, source: 'archive' };
}

/** A date that means something: Go writes the year 1 for a time that was never set. */
function dateOf(value: string | Date | undefined): Date | undefined {
  if (value === undefined) return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1990 || date.getUTCFullYear() > 9000 ? undefined : date;
}
