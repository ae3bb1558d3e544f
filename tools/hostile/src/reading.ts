import { memorySpool, openArchive } from '@icecore/archive';
import { type ByteSource, isDamageError, memorySource } from '@icecore/bytes';
import { scanPlan, searchMemory, type Span } from '@icecore/memory';
import { type ContainerSnapshot, openSnapshot, valuesOf } from '@icecore/snapshot';

/** How the reading of an archive ended. Every other end is a defect. */
export type Ending = 'read' | 'refused';

const searchedBytes = 64 << 10;
const expandedBytes = 64 << 20;

/**
 * Reads all that a report needs. An archive may be refused with a `DamageError` when it is opened; from then on
 * damage must be told as gaps, and an error is thrown on.
 */
export async function readEverything(source: ByteSource): Promise<Ending> {
  const spool = memorySpool(expandedBytes);
  let archive;
  try {
    archive = await openArchive(source, { spool });
  } catch (error) {
    if (isDamageError(error)) return 'refused';
    throw error;
  }
  const snapshot = await openSnapshot(archive, { spool });
  for (const { source: content } of await snapshot.hiddenFiles()) await readSome(content);
  for (const { entry } of (await snapshot.changedFiles()).files) if (entry !== undefined) await readSome(entry.source);
  for (const process of snapshot.processes) valuesOf(process.arguments);
  await search(snapshot);
  return 'read';
}

export function readBytes(bytes: Uint8Array): Promise<Ending> {
  return readEverything(memorySource(bytes));
}

/** The first bytes of a file; what is damaged may be refused. */
async function readSome(source: ByteSource): Promise<void> {
  try {
    await source.read(0, Math.min(4096, source.size));
  } catch (error) {
    if (!isDamageError(error)) throw error;
  }
}

async function search(snapshot: ContainerSnapshot): Promise<void> {
  const spaces = snapshot.processes.flatMap(({ memory }) => memory ?? []);
  const spans: Span[] = [];
  let bytes = 0;
  for (const span of scanPlan(spaces)) {
    if (bytes + span.length > searchedBytes) continue;
    spans.push(span);
    bytes += span.length;
  }
  try {
    let hits = 0;
    for await (const { owners } of searchMemory(spans, { kind: 'literal', text: 'RANDOM', ignoreCase: true })) {
      hits += owners.length;
      if (hits > 1000) break;
    }
  } catch (error) {
    if (!isDamageError(error)) throw error;
  }
}
