import type { CheckpointArchive, Engine } from '@icecore/archive';
import type { Gap } from '@icecore/bytes';
import type * as z from 'zod/mini';
import { configDump, readMetadata, specDump, statusDump } from './metadata.ts';

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
}

export interface SpecifiedMount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

export async function readIdentity(archive: CheckpointArchive, gaps: Gap[]): Promise<ContainerIdentity> {
  const config = await readMetadata(archive, 'config.dump', configDump, gaps);
  const spec = await readMetadata(archive, 'spec.dump', specDump, gaps);
  const status = await readMetadata(archive, 'status.dump', statusDump, gaps);
  for (const [path, found] of [['config.dump', config], ['spec.dump', spec]] as const) {
    if (found === undefined && !archive.entries.has(path)) {
      gaps.push({ code: 'missing', subject: `what ${path} says of the container`, reason: 'there is no such file', place: { entry: path } });
    }
  }
  const annotations = new Map([...Object.entries(spec?.annotations ?? {}), ...Object.entries(status?.annotations ?? {}), ...archive.annotations]);
  const criName = /^k8s_([^_]+)_([^_]+)_([^_]+)_([^_]+)_\d+$/.exec(config?.name ?? '');
  const taken = checkpointTime(archive, config?.checkpointedTime ?? undefined);
  return {
    engine: engineOf(annotations, config, status !== undefined),
    id: config?.id ?? status?.id ?? annotations.get('io.kubernetes.cri-o.ContainerID') ?? undefined,
    name: nameOf(annotations, config, status) ?? criName?.[1],
    image: config?.rootfsImageName ?? config?.RawImageName ?? status?.image?.image ?? annotations.get('io.kubernetes.cri-o.ImageName'),
    imageRef: config?.rootfsImageRef ?? config?.rootfsImageID ?? status?.image_ref ?? undefined,
    runtime: config?.runtime ?? undefined,
    pod: podOf(annotations, config?.name ?? ''),
    createdAt: dateOf(config?.createdTime ?? undefined),
    checkpointedAt: taken?.at,
    checkpointedAtSource: taken?.source,
    command: spec?.process?.args ?? config?.command ?? [],
    hostname: spec?.hostname ?? undefined,
    terminal: spec?.process?.terminal ?? (spec?.process === undefined ? undefined : false),
    annotations,
    labels: labelsOf(annotations, config?.labels, status?.labels),
    specifiedMounts: (spec?.mounts ?? []).map(({ destination, type, source, options }) => ({
      destination,
      type: type ?? '',
      source: source ?? '',
      options: options ?? [],
    })),
    logPath: annotations.get('io.kubernetes.cri-o.LogPath') ?? status?.log_path ?? config?.logPath ?? undefined,
  };
}

type Config = z.infer<typeof configDump>;
type Status = z.infer<typeof statusDump>;

function engineOf(annotations: ReadonlyMap<string, string>, config: Config | undefined, hasStatus: boolean): Engine {
  const manager = annotations.get('io.container.manager');
  if (manager === 'libpod') return 'podman';
  if (manager === 'cri-o') return 'cri-o';
  if (hasStatus || annotations.has('io.kubernetes.cri.container-type')) return 'containerd';
  return config?.['lockID'] === undefined ? 'unknown' : 'podman';
}

function nameOf(annotations: ReadonlyMap<string, string>, config: Config | undefined, status: Status | undefined): string | undefined {
  const named =
    annotations.get('io.kubernetes.container.name') ??
    annotations.get('io.kubernetes.cri.container-name') ??
    annotations.get('io.kubernetes.cri-o.KubeName') ??
    status?.metadata?.name;
  if (named !== undefined && named !== null) return named;
  return config?.name?.startsWith('k8s_') === true ? undefined : (config?.name ?? undefined);
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

function labelsOf(annotations: ReadonlyMap<string, string>, ...sources: (Record<string, string> | null | undefined)[]): ReadonlyMap<string, string> {
  const labels = new Map(jsonLabels(annotations.get('io.kubernetes.cri-o.Labels')));
  for (const source of sources) for (const [key, value] of Object.entries(source ?? {})) labels.set(key, value);
  return labels;
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
