import type { Gap } from '@icecore/bytes';
import type { Note } from './note.ts';
import type { NoteContext } from './note-context.ts';
import { processNotes } from './process-notes.ts';
import { threadNotes } from './thread-notes.ts';

/**
 * The notes of a core file in the kernel's order: the main thread's NT_PRSTATUS, which debuggers take for the thread
 * that matters, what the process has once, the main thread's other registers, then the other threads. Each thread is
 * read when its turn comes; `gaps` gets what cannot be had.
 */
export async function* coreNotes(context: NoteContext, gaps: Gap[] = []): AsyncGenerator<Note> {
  const { pid, threads } = context.process;
  let first = true;
  for (const tid of new Set([pid, ...threads.map(({ tid }) => tid)])) {
    const [status, ...registers] = await threadNotes(tid, context, gaps);
    if (status === undefined) continue;
    yield status;
    if (first) yield* processNotes(context, gaps);
    yield* registers;
    first = false;
  }
}
