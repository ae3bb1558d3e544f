import type { SnapshotDifference } from './difference.ts';
import type { PageVerdict } from './page-ledger.ts';
import type { Changes } from './pairing.ts';

export interface ChangeCounts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

export interface DifferenceSummary {
  /** How much of each part changed. A part that was not asked for counts nothing. */
  readonly parts: {
    /** Fields. */
    readonly container: ChangeCounts;
    readonly processes: ChangeCounts;
    /** Variables of all processes. */
    readonly environments: ChangeCounts;
    readonly descriptors: ChangeCounts;
    readonly sockets: ChangeCounts;
    readonly mappings: ChangeCounts;
    /** Pages of all processes. */
    readonly pages: ChangeCounts;
    readonly changedFiles: ChangeCounts;
    readonly hiddenFiles: ChangeCounts;
    readonly mounts: ChangeCounts;
    /** Interfaces, addresses, and lines of rules; rules in another order are one change. */
    readonly network: ChangeCounts;
  };
  readonly equalPages: number;
  /** Pages of which one of the dumps does not hold the content. */
  readonly unknownPages: number;
  readonly notCompared: number;
  readonly gaps: { readonly before: number; readonly after: number };
}

type AnyChanges = Changes<unknown, unknown>;

export function summarise(difference: SnapshotDifference): DifferenceSummary {
  const { container, network, pages, changedFiles, hiddenFiles, notCompared, gaps } = difference;
  const page = (verdict: PageVerdict): number => (pages ?? []).reduce((sum, { counts }) => sum + counts[verdict].pages, 0);
  const rules = network.rules.map(({ added, removed, reordered }) => ({ added, removed, changed: reordered ? [reordered] : [] }));
  return {
    parts: {
      container: { added: 0, removed: 0, changed: container.length },
      processes: countOf([difference.processes]),
      environments: countOf(difference.environments),
      descriptors: countOf(difference.descriptors),
      sockets: countOf([difference.sockets]),
      mappings: countOf(difference.mappings),
      pages: { added: page('added'), removed: page('removed'), changed: page('changed') },
      changedFiles: countOf(changedFiles === null ? [] : [changedFiles]),
      hiddenFiles: countOf(hiddenFiles === null ? [] : [hiddenFiles]),
      mounts: countOf([difference.mounts]),
      network: countOf([network.interfaces, network.addresses, ...rules]),
    },
    equalPages: page('equal'),
    unknownPages: page('unknown'),
    notCompared: notCompared.length,
    gaps: { before: gaps.before.length, after: gaps.after.length },
  };
}

/** True where no change was found. What could not be compared is no change: `notCompared`, `gaps` and unknown pages tell. */
export function isEmpty(difference: SnapshotDifference): boolean {
  return Object.values(summarise(difference).parts).every(({ added, removed, changed }) => added + removed + changed === 0);
}

function countOf(parts: readonly AnyChanges[]): ChangeCounts {
  const count = (kind: keyof AnyChanges): number => parts.reduce((sum, { [kind]: found }) => sum + found.length, 0);
  return { added: count('added'), removed: count('removed'), changed: count('changed') };
}
