import { type ArchiveEntry } from '../entry.ts';

/** Where in a tar a checkpoint lies. */
export interface CheckpointRoot {
  /** Path of the checkpoint's root with a `/` at its end; empty for the tar's own root. */
  readonly root: string;
  /** Path prefix of the CRIU images below the root. */
  readonly imagesPrefix: string;
  /** Images without an engine's files around them. */
  readonly isBare: boolean;
}

/** What was seen below a possible root. */
interface Signs {
  checkpoint: boolean;
  preCheckpoint: boolean;
  config: boolean;
  spec: boolean;
  bare: boolean;
}

const image = /^(?:inventory|pstree|files|cgroup|seccomp|memfd|(?:core|mm|ids|fs|pagemap|pages|pagemap-shmem)-\d+)\.img$/;

/**
 * All places that look like a checkpoint, the likeliest first: engines put images in `checkpoint/`, podman's
 * pre-copy in `pre-checkpoint/`; a bare folder of images is known by its inventory or process tree. Each may lie
 * one folder deep.
 */
export function checkpointRoots(entries: readonly ArchiveEntry[]): CheckpointRoot[] {
  const signs = new Map<string, Signs>();
  for (const { path } of entries) {
    note(signs, '', path);
    const cut = path.indexOf('/');
    if (cut !== -1) note(signs, path.slice(0, cut + 1), path.slice(cut + 1));
  }
  return ranks.flatMap(({ holds, imagesPrefix, isBare }) =>
    [...signs].filter(([root, found]) => holds(found, root)).map(([root]) => ({ root, imagesPrefix, isBare })),
  );
}

interface Rank {
  readonly imagesPrefix: string;
  readonly isBare: boolean;
  readonly holds: (found: Signs, root: string) => boolean;
}

const ranks: readonly Rank[] = [
  { imagesPrefix: 'checkpoint/', isBare: false, holds: (found) => found.checkpoint },
  { imagesPrefix: 'pre-checkpoint/', isBare: false, holds: (found) => found.preCheckpoint && !found.checkpoint },
  {
    imagesPrefix: 'checkpoint/',
    isBare: false,
    holds: (found) => found.config && found.spec && !found.checkpoint && !found.preCheckpoint,
  },
  { imagesPrefix: '', isBare: true, holds: (found, root) => found.bare && root !== 'checkpoint/' && root !== 'pre-checkpoint/' },
];

function note(signs: Map<string, Signs>, root: string, path: string): void {
  const mark = (sign: keyof Signs): void => {
    const found = signs.get(root) ?? { checkpoint: false, preCheckpoint: false, config: false, spec: false, bare: false };
    found[sign] = true;
    signs.set(root, found);
  };
  if (path === 'config.dump') mark('config');
  else if (path === 'spec.dump') mark('spec');
  else if (path === 'inventory.img' || path === 'pstree.img') mark('bare');
  else if (path.startsWith('checkpoint/') && image.test(path.slice('checkpoint/'.length))) mark('checkpoint');
  else if (path.startsWith('pre-checkpoint/') && image.test(path.slice('pre-checkpoint/'.length))) mark('preCheckpoint');
}
