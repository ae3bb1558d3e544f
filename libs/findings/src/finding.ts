/** Graded like OCSF's severity_id 1 to 5. */
export type Severity = 'informational' | 'low' | 'medium' | 'high' | 'critical';
export type Confidence = 'low' | 'medium' | 'high';

/** One thing that shows what a finding says, precise enough to go to the bytes. What does not apply is left out. */
export interface EvidenceItem {
  /** What it is, for people: `memory mapping`, `open file`, `changed file`, `environment variable`. */
  readonly what: string;
  readonly pid?: number;
  readonly fd?: number;
  readonly address?: bigint;
  /** Length in bytes of what lies at `address` or `offset`. */
  readonly length?: number;
  /** Path in the container. */
  readonly path?: string;
  /** CRIU image, or archive entry, that says so, and the offset in it in bytes. */
  readonly image?: string;
  readonly offset?: number;
  /** The value itself, secrets masked: a peer address, a command line, a line of a file. */
  readonly value?: string;
}

/** What a detector saw. The runner makes a finding of it. */
export interface Observation {
  /** One sentence that names the process and the fact: `sh (23) has its standard input, output and error on 10.88.0.1:4444`. */
  readonly summary: string;
  /** The process it is about; undefined for the container as a whole. */
  readonly pid?: number;
  readonly confidence: Confidence;
  /** Severity where this case differs from what the detector's technique and confidence give. */
  readonly severity?: Severity;
  /** The evidence, the most telling first; never empty. */
  readonly evidence: readonly [EvidenceItem, ...EvidenceItem[]];
  /** Signal values for people and for SQL: `{ peer: '10.88.0.1:4444', fds: '0,1,2' }`. */
  readonly facts?: Readonly<Record<string, string | undefined>>;
  /** Tells apart observations of one detector that share pid and evidence; by default the first evidence does. */
  readonly key?: string;
}

/** A detector's answer about one thing in one capture. */
export interface Finding extends Observation {
  readonly facts: Readonly<Record<string, string>>;
  /** Deterministic: SHA-256 of capture, detector and key, first 32 hex digits. */
  readonly id: string;
  readonly detector: string;
  readonly detectorVersion: number;
  /** Number in the signal reference: `S17`. */
  readonly signal: string;
  readonly title: string;
  /** ATT&CK technique ids, version 19. */
  readonly techniques: readonly string[];
  readonly severity: Severity;
  /** What harmless thing looks the same. */
  readonly falsePositives: string;
  /** `exposure` is a weakness, not an act; `gap` is what could not be seen. */
  readonly category: 'attack' | 'exposure' | 'gap';
}
