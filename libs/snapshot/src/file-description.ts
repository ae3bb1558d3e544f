import type { MemfdInode } from './memfds.ts';
import { namespaceKind } from '@icecore/linux';
import type { FileEntry } from './open-files.ts';
import type { Remap } from './deleted-files.ts';

/** What an open file, an executable or a mapped file is, under the name that `/proc` would show. */
export interface FileDescription {
  /** Id of the file in the dump; descriptors that share an open file share it. */
  readonly id: number;
  /** CRIU's name for the kind: `REG`, `PIPE`, `INETSK`, `MEMFD`, … */
  readonly type: string;
  /** As the links in `/proc/PID/fd` read: a path, `pipe:[5]`, `socket:[7]`, `anon_inode:[eventfd]`. */
  readonly name: string;
  /** The path has no file any more: the file was unlinked, or never had a name (memfd). */
  readonly deleted: boolean;
  /** Open flags (open(2)), generic numbering; undefined where the kind has none. */
  readonly flags: number | undefined;
  /** Position in bytes; undefined where the kind has none. */
  readonly position: bigint | undefined;
  /** Size in bytes that the file had; undefined where the dump does not say. */
  readonly size: bigint | undefined;
  /** Type and permission bits; undefined where the dump does not say. */
  readonly mode: number | undefined;
  /** GNU build id of a binary, in hex; undefined where the dump does not say. */
  readonly buildId: string | undefined;
  readonly mountId: number | undefined;
}

/** What names of files depend on besides their own entries. */
export interface FileContext {
  readonly entries: ReadonlyMap<number, FileEntry>;
  readonly remaps: ReadonlyMap<number, Remap>;
  readonly memfds: ReadonlyMap<number, MemfdInode>;
  /** What was described before: a library is mapped many times by many processes. */
  readonly described: Map<number, FileDescription>;
}

/** Describes a file by its id; undefined where the dump has no such file. */
export function describeFile(id: number, context: FileContext): FileDescription | undefined {
  const known = context.described.get(id);
  if (known !== undefined) return known;
  const entry = context.entries.get(id);
  if (entry === undefined) return undefined;
  const description = descriptionOf(id, entry, context);
  context.described.set(id, description);
  return description;
}

function descriptionOf(id: number, entry: FileEntry, context: FileContext): FileDescription {
  const { name, deleted } = nameOf(entry, context);
  const about = entry.reg ?? entry.memfd ?? entry.pipe ?? entry.tty ?? entry.isk ?? entry.usk ?? entry.psk ?? entry.nlsk ?? entry.efd ?? entry.epfd ?? entry.sgfd ?? entry.tfd ?? entry.ify ?? entry.ffy ?? entry.pidfd ?? entry.bpf ?? entry.nsf;
  const regular = entry.reg ?? linkedRegular(entry, context);
  const memfd = entry.memfd === undefined ? undefined : context.memfds.get(entry.memfd.inode_id);
  return {
    id,
    type: String(entry.type),
    name,
    deleted,
    flags: about?.flags ?? regular?.flags,
    position: entry.reg?.pos ?? entry.memfd?.pos,
    size: entry.reg?.size ?? memfd?.size,
    mode: entry.reg?.mode ?? memfd?.mode,
    buildId: entry.reg === undefined || entry.reg.build_id.length === 0 ? undefined : buildIdOf(entry.reg.build_id),
    mountId: regular?.mnt_id,
  };
}

function nameOf(entry: FileEntry, context: FileContext): { name: string; deleted: boolean } {
  const stays = (name: string): { name: string; deleted: boolean } => ({ name, deleted: false });
  if (entry.reg !== undefined) {
    const deleted = context.remaps.has(entry.id);
    return { name: absolute(entry.reg.name), deleted };
  }
  if (entry.memfd !== undefined) {
    const inode = context.memfds.get(entry.memfd.inode_id);
    return { name: inode === undefined ? '/memfd:' : inode.path, deleted: true };
  }
  if (entry.pipe !== undefined) return stays(`pipe:[${entry.pipe.pipe_id}]`);
  const regular = linkedRegular(entry, context);
  if (regular !== undefined) return { name: absolute(regular.name), deleted: context.remaps.has(regular.id) };
  if (entry.fifo !== undefined) return stays(`pipe:[${entry.fifo.pipe_id}]`);
  const inode = entry.isk?.ino ?? entry.usk?.ino ?? entry.nlsk?.ino;
  if (inode !== undefined) return stays(`socket:[${inode}]`);
  if (entry.psk !== undefined) return stays('socket:[packet]');
  if (entry.nsf !== undefined) return stays(`${namespaceKind(entry.nsf.ns_cflag) ?? 'ns'}:[${entry.nsf.ns_id}]`);
  return stays(anonymousNames[String(entry.type)] ?? String(entry.type).toLowerCase());
}

function linkedRegular(entry: FileEntry, context: FileContext): FileEntry['reg'] {
  const id = entry.tty?.regf_id ?? entry.fifo?.regf_id;
  return id === undefined ? undefined : context.entries.get(id)?.reg;
}

const anonymousNames: Readonly<Record<string, string>> = {
  EVENTFD: 'anon_inode:[eventfd]',
  EVENTPOLL: 'anon_inode:[eventpoll]',
  SIGNALFD: 'anon_inode:[signalfd]',
  TIMERFD: 'anon_inode:[timerfd]',
  INOTIFY: 'anon_inode:inotify',
  FANOTIFY: 'anon_inode:[fanotify]',
  PIDFD: 'anon_inode:[pidfd]',
  BPFMAP: 'anon_inode:bpf-map',
  TUNF: '/dev/net/tun',
};

/** CRIU keeps some paths relative to the root of their mount. */
function absolute(name: string): string {
  if (name.startsWith('/')) return name;
  return name.startsWith('./') ? name.slice(1) : `/${name === '.' ? '' : name}`;
}

function buildIdOf(words: readonly number[]): string {
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, i) => bytes.writeUInt32LE(word, 4 * i));
  return bytes.toString('hex');
}
