import { imageTypes, type MessageOf } from '@icecore/criu';
import type { ImageReader } from './image-reader.ts';

type Ids = MessageOf<typeof imageTypes.IDS.message>;

export const namespaceKinds = ['pid', 'net', 'ipc', 'uts', 'mnt', 'user', 'cgroup', 'time'] as const;
export type NamespaceKind = (typeof namespaceKinds)[number];

/** Ids of a task's namespaces, as the dump numbers them; undefined where it does not say. */
export type NamespaceIds = Readonly<Record<NamespaceKind, number | undefined>>;

export function namespaceIdsOf(ids: Ids): NamespaceIds {
  return {
    pid: ids.pid_ns_id,
    net: ids.net_ns_id,
    ipc: ids.ipc_ns_id,
    uts: ids.uts_ns_id,
    mnt: ids.mnt_ns_id,
    user: ids.user_ns_id,
    cgroup: ids.cgroup_ns_id,
    time: ids.time_ns_id,
  };
}

/** Namespaces that a task shares with whoever took the dump, and so with the node. */
export function sharedWithNode(own: NamespaceIds, node: NamespaceIds | undefined): NamespaceKind[] {
  if (node === undefined) return [];
  return namespaceKinds.filter((kind) => own[kind] !== undefined && own[kind] === node[kind]);
}

/** A range of ids as a user namespace maps it: `count` ids from `inside` on stand for those from `outside` on. */
export interface IdRange {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

export interface NamespaceDetails {
  readonly hostname: string | undefined;
  readonly domainName: string | undefined;
  readonly uidMap: readonly IdRange[];
  readonly gidMap: readonly IdRange[];
}

export async function readNamespaceDetails(images: ImageReader): Promise<NamespaceDetails> {
  const [uts] = images.matching(/^utsns-(\d+)\.img$/);
  const [user] = images.matching(/^userns-(\d+)\.img$/);
  const names = uts === undefined ? undefined : (await images.first(uts.fileName, imageTypes.UTSNS))?.message;
  const maps = user === undefined ? undefined : (await images.first(user.fileName, imageTypes.USERNS))?.message;
  const ranges = (extents: readonly { first: number; lower_first: number; count: number }[] | undefined): IdRange[] =>
    (extents ?? []).map(({ first, lower_first, count }) => ({ inside: first, outside: lower_first, count }));
  return { hostname: names?.nodename, domainName: names?.domainname, uidMap: ranges(maps?.uid_map), gidMap: ranges(maps?.gid_map) };
}
