/** A whole number of the evidence for a `bigint` column; null where it is absent or is no whole number. */
export function whole(value: number | bigint | undefined): bigint | null {
  if (value === undefined || typeof value === 'bigint') return value ?? null;
  return Number.isInteger(value) ? BigInt(value) : null;
}

/** The moment of a time stamp in seconds since the epoch; null where it is absent. */
export function moment(seconds: number | undefined): Date | null {
  return seconds === undefined ? null : new Date(Math.trunc(seconds * 1000));
}

/** Order of two texts by their UTF-8 bytes, in which the lake sorts. */
export function compareText(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** A copy in the order of a number or text of each item; what is equal stays as it came. */
export function sortedBy<T>(items: Iterable<T>, keyOf: (item: T) => number | string): T[] {
  const keyed = Array.from(items, (item) => {
    const key = keyOf(item);
    return typeof key === 'number' ? { item, number: key, text: none } : { item, number: 0, text: Buffer.from(key) };
  });
  keyed.sort((one, other) => one.number - other.number || Buffer.compare(one.text, other.text));
  return keyed.map(({ item }) => item);
}

const none = Buffer.alloc(0);

/** Processes, or whatever else has a pid, in ascending order. */
export function byPid<T extends { readonly pid: number }>(processes: readonly T[]): T[] {
  return sortedBy(processes, ({ pid }) => pid);
}
