/** What a rule would be applied to. */
export interface RuleReach {
  readonly captures: readonly {
    readonly id: string;
    readonly name: string;
    /** Bytes of memory that the archive holds. */
    readonly bytes: number;
    /** Why its bytes cannot be read here; null where they can. */
    readonly absent: string | null;
  }[];
  /** True where the lake has more captures than a rule is applied to at once. */
  readonly cut: boolean;
}

/** A place where a string of a rule matched, or, with a null `string`, a stretch in which a rule held that needs none. */
export interface RuleHit {
  readonly capture: string;
  readonly rule: string;
  readonly string: string | null;
  readonly length: number;
  readonly pid: number | null;
  readonly comm: string | null;
  /** Sixteen hex digits; null where it is not in the memory of a process. */
  readonly address: string | null;
  /** Permissions and kind of the memory, the path of the file, or the queue. */
  readonly place: string;
  /** The match with what is around it, printable characters alone, secrets masked. */
  readonly context: string;
}

/** What is told while rules are applied, a line of JSON each. */
export type RuleScanLine =
  | { readonly kind: 'capture'; readonly id: string; readonly bytes: number }
  | { readonly kind: 'skipped'; readonly id: string; readonly reason: string }
  /** Bytes that were read since the last. */
  | { readonly kind: 'progress'; readonly bytes: number }
  | ({ readonly kind: 'hit' } & RuleHit)
  /** The capture has more places than were told. */
  | { readonly kind: 'cut'; readonly id: string }
  | { readonly kind: 'done'; readonly bytes: number; readonly hits: number; readonly cut: boolean; readonly milliseconds: number }
  | { readonly kind: 'failed'; readonly message: string };
