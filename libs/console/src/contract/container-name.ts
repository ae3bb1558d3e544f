/** A container as people name it, `namespace / pod / container`, by those of the three that are known; empty where none is. */
export function containerName(parts: readonly unknown[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join(' / ');
}

/** The same of a row of `captures`; of one that names nothing, the beginning of its id. */
export function captureName(row: Readonly<Record<string, unknown>>): string {
  return containerName([row['namespace'], row['pod'], row['container']]) || String(row['capture_id'] ?? '').slice(0, 12);
}
