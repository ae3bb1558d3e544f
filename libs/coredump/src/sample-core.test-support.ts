import { memorySpool, openArchive } from '@icecore/archive';
import { memorySource } from '@icecore/bytes';
import { type ContainerSnapshot, openSnapshot, type Process } from '@icecore/snapshot';
import { type CoreReport, writeCore } from './write-core.ts';

/** The snapshot of an archive in memory. */
export async function snapshotOf(archive: Uint8Array): Promise<ContainerSnapshot> {
  const spool = memorySpool();
  return openSnapshot(await openArchive(memorySource(archive), { spool }), { spool });
}

/** The process of a pid; a test of a sample that has none fails here. */
export function processOf({ processes }: ContainerSnapshot, pid: number): Process {
  const process = processes.find((each) => each.pid === pid);
  if (process === undefined) throw new Error(`the sample has no process ${pid}`);
  return process;
}

/** A whole core file, and the longest chunk in which it came. */
export async function coreOf(process: Process, snapshot: Pick<ContainerSnapshot, 'images'>): Promise<{ file: Buffer; longest: number; report: CoreReport }> {
  const chunks: Uint8Array[] = [];
  const report = await writeCore(process, snapshot, {
    write(chunk) {
      chunks.push(chunk);
      return Promise.resolve();
    },
  });
  return { file: Buffer.concat(chunks), longest: Math.max(...chunks.map(({ length }) => length)), report };
}
