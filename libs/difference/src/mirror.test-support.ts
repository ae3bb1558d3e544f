import type { SnapshotDifference } from './index.ts';

/** The same difference seen from the other side: `added` and `removed`, `before` and `after` change places. */
export function mirrorOf(difference: SnapshotDifference): unknown {
  const notCompared = difference.notCompared.map((notice) => ({ ...notice, side: opposite[notice.side] }));
  const rank = { both: 0, before: 1, after: 2 };
  const ordered = notCompared.sort((a, b) => a.subject.localeCompare(b.subject, 'en', { numeric: true }) || rank[a.side] - rank[b.side]);
  return mirrorValue({ ...difference, notCompared: ordered });
}

const opposite = { before: 'after', after: 'before', both: 'both' } as const;
const swapped: Readonly<Record<string, string>> = { before: 'after', after: 'before', added: 'removed', removed: 'added' };

function mirrorValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mirrorValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [swapped[key] ?? key, key === 'verdict' ? (swapped[String(inner)] ?? inner) : mirrorValue(inner)]),
  );
}
