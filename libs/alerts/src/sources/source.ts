import type { Alert } from '../alert.ts';

/** What one event of a source comes to. */
export type SourceAnswer = { readonly alert: Alert } | { readonly ignored: string };

/** One kind of event: how to tell it from others, and how to read it. */
export interface Source {
  readonly name: string;
  /** Looks at the shape alone. */
  recognises(event: Readonly<Record<string, unknown>>): boolean;
  /** Throws `MalformedAlert` for an event that has the shape and not the content. */
  read(event: Readonly<Record<string, unknown>>): readonly SourceAnswer[];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
