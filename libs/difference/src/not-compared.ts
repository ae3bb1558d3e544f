/** Which of the two checkpoints a statement is about. */
export type Side = 'before' | 'after' | 'both';

/** Something of which nobody can say from these archives whether it changed. */
export interface NotCompared {
  readonly side: Side;
  /** In the field's words: `arguments of process 7`. */
  readonly subject: string;
  /** Why, as one sentence without a full stop. */
  readonly reason: string;
}
