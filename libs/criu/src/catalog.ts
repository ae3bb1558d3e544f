import type { Message } from './message.ts';
import { apparmorEntry, cpuinfoEntry, inventoryEntry, statsEntry } from './schema/dump.ts';
import { bpfmapDataEntry, fileLockEntry, fsEntry, ghostFileEntry, remapFilePathEntry } from './schema/file-content.ts';
import { bpfmapFileEntry, eventfdFileEntry, eventpollFileEntry, eventpollTfdEntry, extFileEntry, fanotifyFileEntry, fanotifyMarkEntry, fdinfoEntry, fifoEntry, fileEntry, inotifyFileEntry, inotifyWdEntry, irmapCacheEntry, nsFileEntry, pidfdEntry, pipeDataEntry, pipeEntry, regFileEntry, signalfdEntry, timerfdEntry, ttyDataEntry, ttyFileEntry, ttyInfoEntry, tunfileEntry } from './schema/files.ts';
import { ipcMsgEntry, ipcSemEntry, ipcShmEntry, ipcVarEntry } from './schema/ipc.ts';
import { memfdInodeEntry, mmEntry, pagemapHead, vmaEntry } from './schema/memory.ts';
import { autofsEntry, binfmtMiscEntry, cgroupEntry, mntEntry, pidnsEntry, timensEntry, usernsEntry, utsnsEntry } from './schema/namespaces.ts';
import { netDeviceEntry, netnsEntry } from './schema/network.ts';
import { coreEntry, coreEntryGeneral, credsEntry, itimerEntry, posixTimerEntry, pstreeEntry, rlimitEntry, saEntry, seccompEntry, siginfoEntry, taskKobjIdsEntry } from './schema/process.ts';
import { inetSkEntry, netlinkSkEntry, packetSockEntry, skPacketEntry, tcpStreamEntry, unixSkEntry } from './schema/sockets.ts';

/** What follows a message in an image, outside protocol buffers. `image-reader.ts` says how each is laid out. */
export type PayloadKind = 'none' | 'data' | 'packet' | 'segment' | 'messages' | 'semaphores' | 'ghost' | 'queues' | 'map' | 'pagemap';

/** One type of CRIU image: its name among CRIU's tools, its file, its magic number and what it holds. */
export interface ImageType<M extends Message = Message> {
  readonly name: string;
  /** File name without `.img`: N stands for a decimal number, X for a hexadecimal one, S for a word. */
  readonly file: string;
  readonly magic: number;
  readonly message: M;
  readonly payload: PayloadKind;
}

function type<M extends Message>(name: string, file: string, magic: number, message: M, payload: PayloadKind = 'none'): ImageType<M> {
  return { name, file, magic, message, payload };
}

/** Every type of image that has a magic number (CRIU, `magic.h` and `image-desc.c`). */
export const imageTypes = {
  INVENTORY: type('INVENTORY', 'inventory', 0x58313116, inventoryEntry),
  FDINFO: type('FDINFO', 'fdinfo-N', 0x56213732, fdinfoEntry),
  PAGEMAP: type('PAGEMAP', 'pagemap-N', 0x56084025, pagemapHead, 'pagemap'),
  REG_FILES: type('REG_FILES', 'reg-files', 0x50363636, regFileEntry),
  EXT_FILES: type('EXT_FILES', 'ext-files', 0x59255641, extFileEntry),
  NS_FILES: type('NS_FILES', 'ns-files', 0x61394011, nsFileEntry),
  EVENTFD_FILE: type('EVENTFD_FILE', 'eventfd', 0x44523722, eventfdFileEntry),
  EVENTPOLL_FILE: type('EVENTPOLL_FILE', 'eventpoll', 0x45023858, eventpollFileEntry),
  EVENTPOLL_TFD: type('EVENTPOLL_TFD', 'eventpoll-tfd', 0x44433746, eventpollTfdEntry),
  SIGNALFD: type('SIGNALFD', 'signalfd', 0x57323820, signalfdEntry),
  INOTIFY_FILE: type('INOTIFY_FILE', 'inotify', 0x48424431, inotifyFileEntry),
  INOTIFY_WD: type('INOTIFY_WD', 'inotify-wd', 0x54562009, inotifyWdEntry),
  FANOTIFY_FILE: type('FANOTIFY_FILE', 'fanotify', 0x55096122, fanotifyFileEntry),
  FANOTIFY_MARK: type('FANOTIFY_MARK', 'fanotify-mark', 0x56506035, fanotifyMarkEntry),
  CORE: type('CORE', 'core-N', 0x55053847, coreEntry),
  IDS: type('IDS', 'ids-N', 0x54432030, taskKobjIdsEntry),
  MM: type('MM', 'mm-N', 0x57492820, mmEntry),
  VMAS: type('VMAS', 'vmas-N', 0x54123737, vmaEntry),
  PIPES: type('PIPES', 'pipes', 0x56513555, pipeEntry),
  PIPES_DATA: type('PIPES_DATA', 'pipes-data', 0x56453709, pipeDataEntry, 'data'),
  FIFO: type('FIFO', 'fifo', 0x58364939, fifoEntry),
  FIFO_DATA: type('FIFO_DATA', 'fifo-data', 0x59333054, pipeDataEntry, 'data'),
  PSTREE: type('PSTREE', 'pstree', 0x50273030, pstreeEntry),
  SIGACT: type('SIGACT', 'sigacts-N', 0x55344201, saEntry),
  UNIXSK: type('UNIXSK', 'unixsk', 0x54373943, unixSkEntry),
  INETSK: type('INETSK', 'inetsk', 0x56443851, inetSkEntry),
  PACKETSK: type('PACKETSK', 'packetsk', 0x60454618, packetSockEntry),
  NETLINK_SK: type('NETLINK_SK', 'netlinksk', 0x58005614, netlinkSkEntry),
  SK_QUEUES: type('SK_QUEUES', 'sk-queues', 0x56264026, skPacketEntry, 'packet'),
  ITIMERS: type('ITIMERS', 'itimers-N', 0x57464056, itimerEntry),
  POSIX_TIMERS: type('POSIX_TIMERS', 'posix-timers-N', 0x52603957, posixTimerEntry),
  CREDS: type('CREDS', 'creds-N', 0x54023547, credsEntry),
  UTSNS: type('UTSNS', 'utsns-N', 0x54473203, utsnsEntry),
  IPC_VAR: type('IPC_VAR', 'ipcns-var-N', 0x53115007, ipcVarEntry),
  IPCNS_SHM: type('IPCNS_SHM', 'ipcns-shm-N', 0x46283044, ipcShmEntry, 'segment'),
  IPCNS_MSG: type('IPCNS_MSG', 'ipcns-msg-N', 0x55453737, ipcMsgEntry, 'messages'),
  IPCNS_SEM: type('IPCNS_SEM', 'ipcns-sem-N', 0x59573019, ipcSemEntry, 'semaphores'),
  FS: type('FS', 'fs-N', 0x51403912, fsEntry),
  REMAP_FPATH: type('REMAP_FPATH', 'remap-fpath', 0x59133954, remapFilePathEntry),
  GHOST_FILE: type('GHOST_FILE', 'ghost-file-X', 0x52583605, ghostFileEntry, 'ghost'),
  MEMFD_INODE: type('MEMFD_INODE', 'memfd', 0x48453499, memfdInodeEntry),
  TCP_STREAM: type('TCP_STREAM', 'tcp-stream-X', 0x51465506, tcpStreamEntry, 'queues'),
  MNTS: type('MNTS', 'mountpoints-N', 0x55563928, mntEntry),
  NETDEV: type('NETDEV', 'netdev-N', 0x57373951, netDeviceEntry),
  NETNS: type('NETNS', 'netns-N', 0x55933752, netnsEntry),
  AUTOFS: type('AUTOFS', 'autofs-N', 0x49353943, autofsEntry),
  BINFMT_MISC: type('BINFMT_MISC', 'binfmt-misc', 0x67343323, binfmtMiscEntry),
  TTY_FILES: type('TTY_FILES', 'tty', 0x59433025, ttyFileEntry),
  TTY_INFO: type('TTY_INFO', 'tty-info', 0x59453036, ttyInfoEntry),
  TTY_DATA: type('TTY_DATA', 'tty-data', 0x59413026, ttyDataEntry),
  FILE_LOCKS: type('FILE_LOCKS', 'filelocks', 0x54323616, fileLockEntry),
  RLIMIT: type('RLIMIT', 'rlimit-N', 0x57113925, rlimitEntry),
  SIGNAL: type('SIGNAL', 'signal-s-N', 0x59255647, siginfoEntry),
  TUNFILE: type('TUNFILE', 'tunfile', 0x57143751, tunfileEntry),
  CGROUP: type('CGROUP', 'cgroup', 0x59383330, cgroupEntry),
  TIMERFD: type('TIMERFD', 'timerfd', 0x50493712, timerfdEntry),
  CPUINFO: type('CPUINFO', 'cpuinfo', 0x61404013, cpuinfoEntry),
  SECCOMP: type('SECCOMP', 'seccomp', 0x64413049, seccompEntry),
  USERNS: type('USERNS', 'userns-N', 0x55474906, usernsEntry),
  FILES: type('FILES', 'files', 0x56303138, fileEntry),
  TIMENS: type('TIMENS', 'timens-N', 0x43114433, timensEntry),
  PIDNS: type('PIDNS', 'pidns-N', 0x61157326, pidnsEntry),
  BPFMAP_FILE: type('BPFMAP_FILE', 'bpfmap-file', 0x57506142, bpfmapFileEntry),
  BPFMAP_DATA: type('BPFMAP_DATA', 'bpfmap-data', 0x64324033, bpfmapDataEntry, 'map'),
  APPARMOR: type('APPARMOR', 'apparmor', 0x59423047, apparmorEntry),
  PIDFD: type('PIDFD', 'pidfd', 0x54435556, pidfdEntry),
  STATS: type('STATS', 'stats-S', 0x57093306, statsEntry),
  IRMAP_CACHE: type('IRMAP_CACHE', 'irmap-cache', 0x57004059, irmapCacheEntry),
} as const;

/** `core-N.img` without floating point state: decodes several times faster. */
export const coreImageGeneral = type('CORE', 'core-N', imageTypes.CORE.magic, coreEntryGeneral);

/** Images that have no magic number and are known by their names alone. */
export const rawImageTypes = {
  IFADDR: 'ifaddr-N',
  ROUTE: 'route-N',
  ROUTE6: 'route6-N',
  RULE: 'rule-N',
  IPTABLES: 'iptables-N',
  IP6TABLES: 'ip6tables-N',
  NFTABLES: 'nftables-N',
  TMPFS_IMG: 'tmpfs-N.tar.gz',
  TMPFS_DEV: 'tmpfs-dev-N.tar.gz',
  PAGES: 'pages-N',
  NETNF_CT: 'netns-ct-N',
  NETNF_EXP: 'netns-exp-N',
} as const;
export type RawImageName = keyof typeof rawImageTypes;

/** First word of images in the current form: all but the inventory begin with one of these, then their own magic. */
export const commonMagic = 0x54564319;
export const serviceMagic = 0x55105940;

const byMagic = new Map<number, ImageType>(Object.values(imageTypes).map((each) => [each.magic, each]));

/** The type whose magic number this is. */
export function imageTypeByMagic(magic: number): ImageType | undefined {
  return byMagic.get(magic);
}

/** The first word of an image of this type in the current form, before its own magic; undefined for the inventory. */
export function leadingMagic(each: ImageType): number | undefined {
  if (each.name === 'INVENTORY') return undefined;
  return each.name === 'STATS' || each.name === 'IRMAP_CACHE' ? serviceMagic : commonMagic;
}

const rawPatterns = Object.entries(rawImageTypes).map(([name, file]) => ({ name, pattern: patternOf(file) }));

/** The raw image type that a file name (with or without `.img`) belongs to. */
export function rawImageTypeByName(fileName: string): RawImageName | undefined {
  const found = rawPatterns.find(({ pattern }) => pattern.test(fileName))?.name;
  return found === undefined || !isRawImageName(found) ? undefined : found;
}

/** True where the name is one of `rawImageTypes`. */
export function isRawImageName(name: string): name is RawImageName {
  return name in rawImageTypes;
}

function patternOf(file: string): RegExp {
  const escaped = file.replaceAll('.', '\\.').replace('N', '\\d+').replace('X', '[0-9a-f]+').replace('S', '\\w+');
  return new RegExp(`^${escaped}(\\.img)?$`);
}
