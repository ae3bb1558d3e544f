import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** One look at bytes that are masked elsewhere. */
export interface Access {
  readonly at: Date;
  /** Name of the user of the operating system. */
  readonly who: string;
  /** SHA-256 of the archive, in lower-case hex. */
  readonly archiveSha256: string;
  /** Where in it, in words of the command: `pid 7 address 0x7f00`. */
  readonly place: string;
  /** Number of bytes. */
  readonly length: number;
  readonly reason: string;
}

/** Adds a line of JSON to the log, which only its owner may read, and waits until it is on the disk. */
export async function recordAccess(path: string, { at, who, archiveSha256, place, length, reason }: Access): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  try {
    await file.appendFile(`${JSON.stringify({ at: at.toISOString(), who, archive_sha256: archiveSha256, place, length, reason })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
