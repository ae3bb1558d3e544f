import type { CheckpointArchive } from '@icecore/archive';
import type { Capture } from '@icecore/capture';

/** How much of the log's beginning is looked through for the version, in bytes. */
const headBytes = 1 << 16;

/** What captures of this node told of its CRIU. */
export interface KnownCriu {
  /** Told of each archive that was opened. */
  learn(archive: CheckpointArchive): Promise<void>;
  /** By the latest capture that was taken or refused for want of CRIU; undefined before the first. */
  known(captures: Iterable<Capture>): 'missing' | { readonly version: string | undefined } | undefined;
}

export function knownCriu(): KnownCriu {
  let version: string | undefined;
  return {
    async learn({ entries }) {
      const log = entries.get('dump.log')?.source;
      if (log === undefined) return;
      const head = Buffer.from(await log.read(0, Math.min(log.size, headBytes))).toString('latin1');
      version = /\) Version: (\S{1,40})/.exec(head)?.[1] ?? version;
    },
    known(captures) {
      let latest: { readonly at: string; readonly missing: boolean } | undefined;
      for (const { spec, status } of captures) {
        const missing = status.reason === 'CriuMissing';
        const taken = spec.found === undefined && status.phase === 'sealed';
        const at = status.finishedAt ?? '';
        if ((missing || taken) && (latest === undefined || at > latest.at)) latest = { at, missing };
      }
      if (latest === undefined) return undefined;
      return latest.missing ? 'missing' : { version };
    },
  };
}
