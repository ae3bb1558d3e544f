import { rm, stat } from 'node:fs/promises';
import { type Lab, startLab } from '@icecore/lab';

/** What a checkpoint of so much memory took. */
export interface Freeze {
  readonly mebibytes: number;
  /** In which the container stood still, as CRIU counts. */
  readonly frozenMs: number;
  /** From asking for the checkpoint to the archive. */
  readonly tookMs: number;
  readonly archiveBytes: number;
}

/** A size that could not be measured. */
export interface NotFrozen {
  readonly mebibytes: number;
  readonly reason: string;
}

/** Filling memory with bytes by chance takes a while on a busy machine. */
const readyTimeout = 120_000;

/** Checkpoints containers that hold memory of these sizes, each so many times, with podman and CRIU; nothing is compressed. */
export async function measureFreeze(sizes: readonly number[], rounds: number): Promise<{ readonly measured: readonly Freeze[]; readonly missed: readonly NotFrozen[] }> {
  const lab = await startLab();
  const measured: Freeze[] = [];
  const missed: NotFrozen[] = [];
  try {
    for (const mebibytes of sizes) {
      try {
        measured.push(...(await frozen(lab, mebibytes, rounds)));
      } catch (error) {
        missed.push({ mebibytes, reason: String(error) });
      }
    }
  } finally {
    await lab.stop();
  }
  return { measured, missed };
}

async function frozen(lab: Lab, mebibytes: number, rounds: number): Promise<Freeze[]> {
  const container = await lab.runContainer({ name: `holds-${mebibytes}`, command: ['python3', '/srv/lab/hold-memory.py', String(mebibytes)], readyTimeout });
  const measured: Freeze[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    const { archive, failure, frozenTime } = await lab.checkpoint(container, { options: ['--compress=none'] });
    const tookMs = performance.now() - begun;
    if (archive === undefined || frozenTime === undefined) throw new Error(`no checkpoint: ${failure}`);
    measured.push({ mebibytes, frozenMs: frozenTime / 1000, tookMs, archiveBytes: (await stat(archive)).size });
    await rm(archive);
  }
  await lab.remove(container);
  return measured;
}
