import { rm, stat } from 'node:fs/promises';
import { startLab } from '@icecore/lab';

/** What a checkpoint of so much memory took. */
export interface Freeze {
  readonly mebibytes: number;
  /** In which the container stood still, as CRIU counts. */
  readonly frozenMs: number;
  /** From asking for the checkpoint to the archive. */
  readonly tookMs: number;
  readonly archiveBytes: number;
}

/** Checkpoints containers that hold memory of these sizes, each so many times, with podman and CRIU; nothing is compressed. */
export async function measureFreeze(sizes: readonly number[], rounds: number): Promise<Freeze[]> {
  const lab = await startLab();
  const measured: Freeze[] = [];
  try {
    for (const mebibytes of sizes) {
      const container = await lab.runContainer({ name: `holds-${mebibytes}`, command: ['python3', '/srv/lab/hold-memory.py', String(mebibytes)] });
      for (let round = 0; round < rounds; round += 1) {
        const begun = performance.now();
        const { archive, failure, frozenTime } = await lab.checkpoint(container, { options: ['--compress=none'] });
        const tookMs = performance.now() - begun;
        if (archive === undefined || frozenTime === undefined) throw new Error(`${mebibytes} MiB could not be checkpointed: ${failure}`);
        measured.push({ mebibytes, frozenMs: frozenTime / 1000, tookMs, archiveBytes: (await stat(archive)).size });
        await rm(archive);
      }
      await lab.remove(container);
    }
  } finally {
    await lab.stop();
  }
  return measured;
}
