/** One line of the table: what was measured, and what is promised of it. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  /** Undefined for what nothing is promised of. */
  readonly promise?: string | undefined;
  readonly holds?: boolean | undefined;
}

/** A picture of numbers against numbers. */
export interface Plot {
  /** Also the name of its file, in kebab-case. */
  readonly title: string;
  /** What the axes are, with the unit: `memory, GiB`. */
  readonly x: string;
  readonly y: string;
  readonly lines: readonly { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] }[];
}

/** What a suite has to work with, and whom it tells. */
export interface Bench {
  /** A folder that is empty and goes away. */
  readonly folder: string;
  /** Sizes of the archives that are made, in GiB of memory, ascending. */
  readonly sizes: readonly number[];
  promise(what: string, measured: string, promised: string, holds: boolean): void;
  /** A number that nothing is promised of. */
  tell(what: string, measured: string): void;
  plot(plot: Plot): void;
  /** Something cannot be measured on this machine; the page says why. */
  miss(what: string, reason: string): void;
}

/** Measurements that belong together. They run one after the other; within a suite, programs take turns. */
export interface Suite {
  /** `scan`: by it the suite is chosen. */
  readonly id: string;
  readonly title: string;
  /** What is measured against what, by which commands; a paragraph of Markdown. */
  readonly about: string;
  run(bench: Bench): Promise<void>;
}
