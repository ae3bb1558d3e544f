import type { KubeletReply } from './kubelet-answer.ts';
import type { Pod } from './pod.ts';
import type { Capture, CaptureStatus, NewCapture } from './resource.ts';

/** What became of a write: another may have written between, or have deleted it. */
export type Written = { readonly outcome: 'stored'; readonly capture: Capture } | { readonly outcome: 'conflict' } | { readonly outcome: 'gone' };

/** Where captures are kept: the Kubernetes API. Rejects where it does not answer. */
export interface CaptureStore {
  get(name: string): Promise<Capture | undefined>;
  /** Captures that are known at this moment, own writes among them. */
  known(): Iterable<Capture>;
  /** Stores one that is not there; `exists` where it is, which is as good. */
  create(capture: NewCapture): Promise<'created' | 'exists'>;
  /** Replaces the status if the capture is still as it was read. */
  writeStatus(capture: Capture, status: CaptureStatus): Promise<Written>;
  /** Takes the finalizer off, so that the capture may be deleted. */
  release(capture: Capture): Promise<Written>;
  /** Tells people, as an event of the capture. One of the same capture and reason is told once. */
  tell(capture: Capture, event: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string }): Promise<void>;
}

export interface Pods {
  /** Undefined where there is none. */
  pod(namespace: string, name: string): Promise<Pod | undefined>;
}

export interface Kubelet {
  /** Never rejects: what goes wrong is a reply. */
  checkpoint(target: { readonly namespace: string; readonly pod: string; readonly container: string }, timeoutSeconds: number): Promise<KubeletReply>;
}

/** A file of the node's checkpoint folder. */
export interface NodeArchive {
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** The node's checkpoint folder; names are file names in it. */
export interface ArchiveFolder {
  /** Path as the kubelet names it. */
  readonly path: string;
  freeBytes(): Promise<number>;
  list(): Promise<readonly NodeArchive[]>;
  /** True where the archive is whole: a tar up to its end. */
  isWhole(name: string): Promise<boolean>;
  /** Undefined where there is no such file. */
  fingerprint(name: string): Promise<{ readonly bytes: number; readonly sha256: string } | undefined>;
  /** Removing what is not there is no error. */
  remove(name: string): Promise<void>;
  /** A log of CRIU on the node, by the path that an answer named; undefined where it may not be read. */
  dumpLog(path: string): Promise<string | undefined>;
}

/** What is gathered beside the archive, kept on the node until the capture is over. */
export interface BesideEvidence {
  /** Gathers what the node's role may see; what it may not is said in what it writes. Doing it again keeps what was gathered first. */
  gather(capture: Capture, moment: 'before' | 'after'): Promise<void>;
  discard(capture: Capture): Promise<void>;
}

export type Sealed = { readonly outcome: 'sealed'; readonly key: string; readonly sha256: string; readonly bytes: number } | { readonly outcome: 'refused'; readonly message: string };

/** The vault as the node's role uses it. Rejects where the vault does not answer now; `refused` is for good. */
export interface CaptureVault {
  readonly location: string;
  seal(capture: Capture, archive: string): Promise<Sealed>;
  /** Why what the vault holds is not what was sealed; undefined where it is. */
  fault(key: string, expected: { readonly sha256: string }): Promise<string | undefined>;
}

/** All that the walk of a capture needs. */
export interface NodePorts {
  readonly node: string;
  readonly store: CaptureStore;
  readonly pods: Pods;
  readonly kubelet: Kubelet;
  readonly folder: ArchiveFolder;
  readonly beside: BesideEvidence;
  readonly vault: CaptureVault;
  readonly now: () => number;
  readonly limits: NodeLimits;
  /** Memory that the container uses, in bytes: about what its archive takes. Undefined where it is not known. */
  containerMemory(capture: Capture): Promise<number | undefined>;
}

export interface NodeLimits {
  /** Time limit that is sent to the kubelet, in seconds. */
  readonly checkpointSeconds: number;
  /** How long after it an answer that was lost may still leave an archive, in seconds. */
  readonly graceSeconds: number;
  /** Most calls of the kubelet for one capture. */
  readonly maxAttempts: number;
  /** Waits between tries: the first, doubled each time up to the longest, in milliseconds. */
  readonly backoffMs: readonly [number, number];
}

export const defaultNodeLimits: NodeLimits = { checkpointSeconds: 120, graceSeconds: 10, maxAttempts: 3, backoffMs: [1000, 300_000] };
