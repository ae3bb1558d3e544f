import { createHash } from 'node:crypto';

/** Id of what the parts name; absent parts count as such. */
export function alertId(...parts: readonly (string | undefined)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part === undefined ? '-' : `+${part.length}:${part}`);
  return hash.digest('hex').slice(0, 32);
}

/** A moment that means something; undefined for what is absent or no date. Go writes the year 1 for one that was never set. */
export function momentOf(value: unknown): Date | undefined {
  if (typeof value !== 'string') return undefined;
  const date = new Date(value);
  const year = date.getUTCFullYear();
  return Number.isNaN(date.getTime()) || year < 1990 || year > 9000 ? undefined : date;
}

/** ATT&CK technique ids among tags, ascending. */
export function techniquesIn(tags: readonly string[]): readonly string[] {
  return [...new Set(tags.flatMap((tag) => /\bT\d{4}(?:\.\d{3})?\b/i.exec(tag)?.[0].toUpperCase() ?? []))].sort();
}

/** Plain fields as text, for policies to match on; at most `maxFields` of them, each at most `maxFieldCharacters` long. */
export function plainFields(object: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(object).slice(0, maxFields)) {
    if (value === null || value === undefined || typeof value === 'object') continue;
    fields[name] = String(value).slice(0, maxFieldCharacters);
  }
  return fields;
}

export const maxFields = 256;
export const maxFieldCharacters = 4096;
