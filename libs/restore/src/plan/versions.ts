/** Numbers of a version: `6.1.0-28-amd64` gives 6, 1, 0. Empty where the text begins with none. */
function numbersOf(version: string): number[] {
  return (/^\d+(?:\.\d+)*/.exec(version.trim())?.[0] ?? '').split('.').filter((part) => part !== '').map(Number);
}

/** Less than, equal to or more than zero, as with other comparisons; only numbers that both have count. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [numbersOf(one), numbersOf(other)];
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
  return 0;
}
