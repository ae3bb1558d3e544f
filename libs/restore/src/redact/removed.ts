import type { NeedleForm } from './needles.ts';

/** A thing that is taken out of an archive; told by its HMAC under the tenant's key, never by its value. */
export type RemovedThing =
  /** `rule` is the id of the rule that knew it, `named_secret` for the value of a variable whose name tells. */
  | { readonly kind: 'secret'; readonly rule: string; readonly hmac: string }
  | { readonly kind: 'region'; readonly pid: number; readonly start: bigint; readonly end: bigint; readonly hmac: string }
  | { readonly kind: 'file'; readonly path: string; readonly hmac: string };

/** A run of bytes that is overwritten. */
export interface Edit {
  /** Name of the document: empty for the archive, else the entry that is a compressed tar. */
  readonly document: string;
  /** Offsets in the plain tar of the document. */
  readonly start: number;
  readonly end: number;
  /** Index of the removed thing. */
  readonly item: number;
  readonly form: NeedleForm;
}

/** Most runs that one redaction overwrites. */
export const maxEdits = 2_000_000;
