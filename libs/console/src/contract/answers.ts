import type { NetworkView, ProcessesView } from '@icecore/views';

/** A value of a table as JSON has it. A whole number beyond 2^53 is text. */
export type Cell = null | boolean | number | string | readonly Cell[] | { readonly [field: string]: Cell };

/** Name and type of a column; the type in the words of the engine. */
export interface ColumnInfo {
  readonly name: string;
  readonly type: string;
}

/** Rows by position, in the order of the columns. */
export interface TableAnswer {
  readonly columns: readonly ColumnInfo[];
  readonly rows: readonly (readonly Cell[])[];
  /** True where there are more rows than were given. */
  readonly cut: boolean;
  readonly milliseconds: number;
  /** What was scanned for it in the cloud, and what that costs. */
  readonly scanned?: { readonly bytes: number; readonly dollars: number };
}

/** A stretch of a sorted list. */
export interface PageAnswer {
  readonly rows: readonly (readonly Cell[])[];
  readonly offset: number;
  /** Rows of the whole list; null where they were not to be counted. */
  readonly total: number | null;
}

/** What the console stands on. */
export interface SessionAnswer {
  readonly version: string;
  /** Where the lake is, in words. */
  readonly lake: string;
  /** Where the vault is; null without one. */
  readonly vault: string | null;
  /** Folders in which archives are looked for. */
  readonly archives: readonly string[];
  readonly user: string;
  /** What questions cost where they cost something; null for a lake on this machine. */
  readonly cost: CostInfo | null;
}

/** What bounds the cost of one question to a lake in the cloud; null where nothing does. */
export interface CostInfo {
  readonly limitBytes: number | null;
  readonly limitDollars: number | null;
}

/** What was asked of a lake in the cloud since the console was started. */
export interface SpentInfo {
  readonly questions: number;
  readonly bytes: number;
  readonly dollars: number;
}

export interface OverviewAnswer {
  readonly captures: number;
  readonly containers: number;
  readonly findings: Readonly<Record<string, number>>;
  readonly suppressed: number;
  /** The gravest incidents: capture_id, incident_id, captured_at, namespace, pod, container, title, severity, finding count. */
  readonly incidents: TableAnswer;
  readonly latest: TableAnswer;
}

export interface TableInfo {
  readonly name: string;
  readonly description: string;
  /** Bytes of its parts; null where they were not counted. */
  readonly bytes: number | null;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly description: string }[];
}

/** An indicator over all captures. */
export interface SearchAnswer {
  /** What the text was taken for: hash, address, network, domain… */
  readonly type: string;
  readonly hunt: string;
  readonly title: string;
  readonly captures: number;
  readonly containers: number;
  readonly processes: number;
  readonly images: number;
  /** Captures and images that the lake holds, to tell how rare a thing is. */
  readonly allCaptures: number;
  readonly allImages: number;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly table: TableAnswer;
}

export interface HuntInfo {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly technique: string | null;
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly default: string | null; readonly summary: string }[];
  readonly sql: string;
}

/** Whether the bytes of a capture can be read here. */
export type EvidencePlace =
  | { readonly state: 'there'; readonly from: string; readonly sha256: string }
  | { readonly state: 'absent'; readonly reason: string };

export interface MemoryRegion {
  readonly start: string;
  readonly end: string;
  readonly permissions: string;
  readonly name: string;
}

/** What is known of a run of bytes. Addresses are sixteen hex digits. */
export interface MemoryPart {
  readonly start: string;
  readonly end: string;
  readonly state: 'stored' | 'zero' | 'in_file' | 'unmapped' | 'unavailable';
  /** The bytes in hex where the archive holds them, those of secrets as zeros. */
  readonly hex: string | null;
  /** Runs of bytes that belong to secrets: first, and behind the last. */
  readonly hidden: readonly (readonly [number, number])[];
  readonly image: string | null;
  readonly offset: number | null;
}

export interface MemoryAnswer {
  readonly pid: number;
  readonly start: string;
  readonly length: number;
  readonly region: MemoryRegion | null;
  readonly parts: readonly MemoryPart[];
  readonly evidence: string;
}

/** An instruction, or a run of bytes that cannot be read as code: then `hex` is null, and `text` tells how many. */
export interface CodeLine {
  readonly at: string;
  readonly hex: string | null;
  readonly text: string;
  readonly state: MemoryPart['state'] | 'secret';
}

export interface CodeAnswer {
  readonly pid: number;
  /** Machine in the words of CRIU. */
  readonly machine: string;
  readonly region: MemoryRegion | null;
  readonly lines: readonly CodeLine[];
  readonly evidence: string;
}

/** How random the stored bytes of the stretches of a picture are, in bits a byte from 0 to 8; null where nothing is stored. */
export interface EntropyAnswer {
  readonly pid: number;
  /** By the start of the stretch, as the picture has it. */
  readonly bits: Readonly<Record<string, number | null>>;
  readonly readBytes: number;
  readonly evidence: string;
}

export interface FoundString {
  readonly address: string;
  readonly encoding: 'ascii' | 'utf-16le';
  readonly text: string;
}

export interface StringsAnswer {
  readonly strings: readonly FoundString[];
  /** True where the region holds more than were given. */
  readonly cut: boolean;
  readonly evidence: string;
}

export interface MemoryHit {
  readonly pid: number | null;
  readonly comm: string | null;
  readonly address: string;
  readonly encoding: string;
  readonly region: string;
  /** The match with what is around it, printable characters alone, secrets masked. */
  readonly context: string;
}

export interface MemoryHitsAnswer {
  readonly hits: readonly MemoryHit[];
  readonly cut: boolean;
  readonly evidence: string;
}

export interface FileContentAnswer {
  readonly path: string;
  readonly size: number;
  /** The beginning of the content in hex, those bytes of secrets as zeros. */
  readonly hex: string;
  readonly hidden: readonly (readonly [number, number])[];
  /** The beginning as text where it is text, secrets masked. */
  readonly text: string | null;
  readonly evidence: string;
}

/** Why something could not be done. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export interface HoldState {
  readonly capture: string;
  readonly captureId: string;
  readonly sha256: string | null;
  readonly takenAt: string | null;
  readonly where: string;
  readonly lockedUntil: string | null;
  readonly held: boolean;
  readonly sealed: boolean;
  readonly custody: readonly { readonly seq: number; readonly at: string; readonly action: string; readonly by: string; readonly reason: string }[];
}

export interface HoldsAnswer {
  readonly vault: string | null;
  readonly captures: readonly HoldState[];
}

export interface ComparedPart {
  readonly name: string;
  readonly title: string;
  /** Names of the columns that make two rows the same thing. */
  readonly keys: readonly string[];
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** added, removed or changed; the keys; lines `name: value` before; the same after. */
  readonly rows: readonly (readonly Cell[])[];
  readonly cut: boolean;
}

export interface CompareAnswer {
  readonly before: Readonly<Record<string, Cell>>;
  readonly after: Readonly<Record<string, Cell>>;
  /** Both are of one container, so that pids and addresses mean the same. */
  readonly sameContainer: boolean;
  readonly parts: readonly ComparedPart[];
}

export interface FindingAnswer {
  /** The row of the table `findings`. */
  readonly finding: Readonly<Record<string, Cell>>;
  /** Other findings of the same incident. */
  readonly related: readonly Readonly<Record<string, Cell>>[];
  readonly techniques: readonly { readonly id: string; readonly name: string; readonly tactics: readonly string[] }[];
  /** Findings of the same detector in the whole lake. */
  readonly alike: { readonly findings: number; readonly captures: number; readonly images: number };
}

/** A capture that another may be compared with, and why. */
export interface AlikeCapture {
  readonly id: string;
  /** `container`: the same one at another time; `pod`: another container of the same name in the same pod or its set; `image`: the same image. */
  readonly why: 'container' | 'pod' | 'image';
  readonly name: string;
  readonly image: string;
  readonly takenAt: string | null;
  /** Whether it was taken before; null where that is not known. */
  readonly earlier: boolean | null;
  /** Findings of it that are high or critical. */
  readonly grave: number;
}

type Fields = Readonly<Record<string, Cell>>;

/** A capture as its page shows it at once. */
export interface CaptureAnswer {
  /** The row of the table `captures`. */
  readonly capture: Fields;
  readonly incidents: readonly Fields[];
  /** In the order by which pictures number them, from 1. */
  readonly findings: readonly { readonly finding_id: string; readonly severity: string; readonly summary: string; readonly signal: string; readonly pid: number | null }[];
  readonly processes: ProcessesView;
  readonly network: NetworkView;
  readonly gaps: readonly Fields[];
  readonly coverage: readonly Fields[];
  /** Rows that the capture has in each table. */
  readonly rows: Readonly<Record<string, number>>;
}
