import { fieldsOf, imageTypes, type Message, type ImageType, type MessageOf } from '@icecore/criu';
import type { ImageReader } from './image-reader.ts';

export type FileEntry = MessageOf<typeof imageTypes.FILES.message>;
type Variant = Exclude<keyof FileEntry, 'type' | 'id' | '$unknown'>;

/** Every open file of the dump by its id, in the form of current images, whatever the age of the dump. */
export async function readFileEntries(images: ImageReader): Promise<ReadonlyMap<number, FileEntry>> {
  const entries = new Map<number, FileEntry>();
  for (const { message } of await images.read('files.img', imageTypes.FILES)) entries.set(message.id, message);
  for (const [fileName, type, variant, kind] of olderImages) {
    for (const { message } of await images.read(fileName, type)) {
      const { id } = fieldsOf(message);
      if (typeof id === 'number' && !entries.has(id)) entries.set(id, { type: kind, id, [variant]: message });
    }
  }
  const none = entries.size === 0 && images.folder.open('files.img') === undefined;
  if (none) images.gaps.push({ code: 'missing', subject: 'open files', reason: 'there is no such image', place: { image: 'files.img' } });
  return entries;
}

/** Until CRIU 3.3 each kind of file had an image of its own. */
const olderImages: readonly (readonly [string, ImageType<Message>, Variant, FileEntry['type']])[] = [
  ['reg-files.img', imageTypes.REG_FILES, 'reg', 'REG'],
  ['inetsk.img', imageTypes.INETSK, 'isk', 'INETSK'],
  ['ns-files.img', imageTypes.NS_FILES, 'nsf', 'NS'],
  ['packetsk.img', imageTypes.PACKETSK, 'psk', 'PACKETSK'],
  ['netlinksk.img', imageTypes.NETLINK_SK, 'nlsk', 'NETLINKSK'],
  ['eventfd.img', imageTypes.EVENTFD_FILE, 'efd', 'EVENTFD'],
  ['eventpoll.img', imageTypes.EVENTPOLL_FILE, 'epfd', 'EVENTPOLL'],
  ['signalfd.img', imageTypes.SIGNALFD, 'sgfd', 'SIGNALFD'],
  ['tunfile.img', imageTypes.TUNFILE, 'tunf', 'TUNF'],
  ['timerfd.img', imageTypes.TIMERFD, 'tfd', 'TIMERFD'],
  ['inotify.img', imageTypes.INOTIFY_FILE, 'ify', 'INOTIFY'],
  ['fanotify.img', imageTypes.FANOTIFY_FILE, 'ffy', 'FANOTIFY'],
  ['ext-files.img', imageTypes.EXT_FILES, 'ext', 'EXT'],
  ['unixsk.img', imageTypes.UNIXSK, 'usk', 'UNIXSK'],
  ['fifo.img', imageTypes.FIFO, 'fifo', 'FIFO'],
  ['pipes.img', imageTypes.PIPES, 'pipe', 'PIPE'],
  ['tty.img', imageTypes.TTY_FILES, 'tty', 'TTY'],
  ['bpfmap-file.img', imageTypes.BPFMAP_FILE, 'bpf', 'BPFMAP'],
  ['pidfd.img', imageTypes.PIDFD, 'pidfd', 'PIDFD'],
];
