/** Kinds of parameters, and so how their values are checked and typed in SQL. */
export const parameterTypes = ['text', 'number', 'date', 'yesno', 'network', 'address'] as const;
export type ParameterType = (typeof parameterTypes)[number];

export interface HuntParameter {
  readonly name: string;
  readonly type: ParameterType;
  /** Undefined where a value must be given. */
  readonly default: string | undefined;
  /** What a value means, for people. */
  readonly summary: string;
}

/** A saved question to the lake. */
export interface Hunt {
  /** Name of its file without `.sql`: `reverse-shells`. */
  readonly name: string;
  readonly title: string;
  /** The question that the rows answer. */
  readonly question: string;
  /** ATT&CK technique that it looks for; undefined for one that looks for none. */
  readonly technique: string | undefined;
  readonly parameters: readonly HuntParameter[];
  /** A command line that runs it. */
  readonly example: string | undefined;
  /** The statement, with `:name` where a parameter goes. */
  readonly sql: string;
}
