import type { ScanHit } from '@icecore/scan';
import type { ChangedFile, ContainerSnapshot, HiddenFile, Process } from '@icecore/snapshot';

/** A changed or hidden file whose beginning was read, so that detectors need no I/O. */
export interface ExaminedFile {
  readonly path: string;
  readonly origin: ChangedFile['kind'] | HiddenFile['kind'];
  readonly change: ChangedFile['change'];
  /** Archive entry or CRIU image that holds it. */
  readonly entry: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink' | 'device' | 'fifo' | 'other';
  /** Permission bits with setuid, setgid and sticky; undefined where not known. */
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly size: number;
  readonly modifiedAt: Date | undefined;
  readonly linkTarget: string | undefined;
  /** Extended attributes by name, values in hex: `security.capability`. */
  readonly attributes: ReadonlyMap<string, string>;
  /** The first bytes, at most `maxExaminedBytes`; empty for what is no file. */
  readonly head: Uint8Array;
  /** SHA-256 in lower-case hex; undefined where it was not computed. */
  readonly sha256: string | undefined;
  /** Processes that hold it, for a hidden file. */
  readonly pids: readonly number[];
}

/** A process that the node saw in the container's cgroup when the capture was taken. */
export interface NodeProcess {
  readonly pid: number;
  /** Pid inside the container's pid namespace. */
  readonly namespacePid: number;
  readonly comm: string;
  readonly commandLine: string;
}

/** Everything that detectors look at. Made once a capture; nothing in it does I/O. */
export interface Examination {
  readonly captureId: string;
  readonly snapshot: ContainerSnapshot;
  /** By pid. */
  readonly processes: ReadonlyMap<number, Process>;
  readonly files: readonly ExaminedFile[];
  /** Undefined where the archive has no record of changes to the root file system. */
  readonly rootfsRecorded: boolean;
  /** Hits of the memory scan; undefined where it did not run. */
  readonly hits: readonly ScanHit[] | undefined;
  /** The cgroup's processes as the node saw them; undefined where nobody looked. */
  readonly nodeProcesses: readonly NodeProcess[] | undefined;
  /** Lines of CRIU's log, where a dump failed or a log is in the archive. */
  readonly dumpLog: string | undefined;
  /** Masks secrets in text that goes into findings. */
  redact(text: string): string;
}
