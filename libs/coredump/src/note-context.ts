import { at, DamageError } from '@icecore/bytes';
import { imageTypes, readImage } from '@icecore/criu';
import type { ImageFolder } from '@icecore/memory';
import type { Process } from '@icecore/snapshot';
import { type CoreEntry, coreMachine, type CoreMachine } from './core-machine.ts';

/** What the notes of a process are made from. */
export interface NoteContext {
  readonly process: Process;
  /** Bytes of a page. */
  readonly pageSize: number;
  readonly images: ImageFolder;
  readonly machine: CoreMachine;
  /** Core entry of the main thread. */
  readonly leader: CoreEntry;
}

/** Rejects with a `DamageError` where the main thread's core image cannot be read, or is of a machine not known here. */
export async function noteContext(process: Process, pageSize: number, images: ImageFolder): Promise<NoteContext> {
  const image = `core-${process.pid}.img`;
  return at({ image }, async () => {
    const leader = await readCore(image, images);
    return { process, pageSize, images, leader, machine: coreMachine(String(leader.mtype)) };
  });
}

/** The entry of a thread's core image. */
export async function readCore(image: string, images: ImageFolder): Promise<CoreEntry> {
  const source = images.open(image);
  if (source === undefined) throw new DamageError('missing', 'there is no such image');
  const { entries, gaps } = await readImage(source, image, imageTypes.CORE);
  const entry = entries[0];
  if (entry === undefined) throw new DamageError('malformed', gaps[0]?.reason ?? 'image has no entry', gaps[0]?.place);
  return entry.message;
}
