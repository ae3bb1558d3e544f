import type { Container, ContainerSpec, Lab } from './lab.ts';

/** A finding that a scenario must give. */
export interface Expectation {
  /** Number in the signal reference: `S17`. */
  readonly signal: string;
  /** Matches the command line, by the truth, of the process that the finding must be about. */
  readonly command?: RegExp;
  /** Path that its evidence must name. */
  readonly path?: string;
  /** Text that its summary, its facts or its evidence must have: `loopback`. */
  readonly label?: RegExp;
  /** Its SHA-256 must be that of the program which the truth saw the process run. */
  readonly recovered?: true;
  /** Its evidence must hold the address that the scenario's program noted. */
  readonly noted?: true;
}

/** A container that does one thing, and what must be seen of it. */
export interface Scenario {
  /** `01-memfd-exec`: also the name of its capture. */
  readonly id: string;
  /** What it does, one sentence. */
  readonly about: string;
  readonly container: Omit<ContainerSpec, 'name'>;
  /** A second container, on the same network at `peerAddress`, that stands for the other side. */
  readonly peer?: Omit<ContainerSpec, 'name'>;
  /** More options of the checkpoint. */
  readonly checkpoint?: readonly string[];
  /** Done from outside once the container is ready. */
  readonly act?: (container: Container, lab: Lab) => Promise<void>;
  readonly expected: readonly Expectation[];
  /** Signals that are true of the container as well, without being what it is about. */
  readonly also?: readonly string[];
  /** What cannot be seen, and why; a finding of it is no mistake. */
  readonly misses?: readonly { readonly signal: string; readonly reason: string }[];
  /** Nothing of high severity may be found. */
  readonly negative?: true;
  /** The dump is refused, and its log is the evidence. */
  readonly refused?: true;
  /** Not one of the reference's scenarios: proves that rules generalise. */
  readonly unseen?: true;
}

/** Address of the other side, on a network inside the lab that leads nowhere. */
export const peerAddress = '10.99.0.9';

/** Declares a scenario. */
export function scenario(definition: Scenario): Scenario {
  return definition;
}
