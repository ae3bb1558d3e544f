/** An address in a process of a capture, and what else the page was told. */
export interface At {
  readonly capture: string;
  readonly pid: string;
  readonly at: string;
  readonly query: URLSearchParams;
}
