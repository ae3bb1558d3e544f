import { type ContainerSnapshot, valuesOf } from '@icecore/snapshot';
import { shellWord } from './shell-word.ts';
import type { EvidenceText, TextMaker } from './text.ts';

/** The archive, as whoever asked for the page knows it. */
export interface ArchiveFacts {
  /** As commands name it: a path, or the capture's id. */
  readonly name: string;
  readonly bytes: number;
  /** Of the whole file, in lower-case hex. */
  readonly sha256: string;
  /** `none`, `zstd`, … */
  readonly compression: string;
  /** How the checkpoint is wrapped: `tar`, `oci-image`, … */
  readonly wrapping: string;
}

/** Which container it is, and how it was captured. Undefined is what the archive does not say. */
export interface CaptureFacts {
  readonly captureId: string;
  readonly archive: ArchiveFacts;
  /** The command that checks the archive's hash; undefined where its name is none for a shell. */
  readonly checkCommand: string | undefined;
  readonly engine: string;
  readonly runtime: EvidenceText | undefined;
  readonly machine: string | undefined;
  readonly container: EvidenceText | undefined;
  readonly containerId: EvidenceText | undefined;
  readonly hostname: EvidenceText | undefined;
  readonly image: EvidenceText | undefined;
  readonly imageRef: EvidenceText | undefined;
  readonly pod: { readonly namespace: EvidenceText | undefined; readonly name: EvidenceText | undefined; readonly uid: EvidenceText | undefined } | undefined;
  readonly cluster: EvidenceText | undefined;
  readonly node: EvidenceText | undefined;
  readonly command: EvidenceText | undefined;
  /** ISO 8601, UTC. */
  readonly createdAt: string | undefined;
  readonly takenAt: string | undefined;
  /** Whose word `takenAt` is: the engine's, or that of the archive's time stamps. */
  readonly takenAtSource: 'config.dump' | 'archive' | undefined;
  /** How long the container stood still, in microseconds. */
  readonly frozenMicroseconds: number | undefined;
  readonly processCount: number;
  readonly memoryBytes: number;
  /** Changes to the root file system, in bytes; undefined where none were recorded. */
  readonly rootfsBytes: number | undefined;
}

/** Where a capture is from, beyond what its archive says. */
export interface CaptureWhere {
  readonly captureId: string;
  readonly archive: ArchiveFacts;
  readonly cluster?: string;
  readonly node?: string;
}

export function captureFacts({ container, dump, processes }: ContainerSnapshot, where: CaptureWhere, { text, commandLine }: TextMaker): CaptureFacts {
  const maybe = (value: string | undefined): EvidenceText | undefined => (value === undefined ? undefined : text(value));
  const { pod } = container;
  const name = shellWord(where.archive.name);
  const first = processes.find(({ ppid }) => ppid === 0);
  const words = container.command.length > 0 ? container.command : first === undefined ? [] : valuesOf(first.arguments);
  return {
    captureId: where.captureId,
    archive: where.archive,
    checkCommand: name === undefined ? undefined : `echo ${where.archive.sha256}\\ \\ ${name} | sha256sum --check`,
    engine: container.engine,
    runtime: maybe(container.runtime),
    machine: dump.machine?.name,
    container: maybe(container.name),
    containerId: maybe(container.id),
    hostname: maybe(container.hostname),
    image: maybe(container.image),
    imageRef: maybe(container.imageRef),
    pod: pod === undefined ? undefined : { namespace: maybe(pod.namespace), name: maybe(pod.name), uid: maybe(pod.uid) },
    cluster: maybe(where.cluster),
    node: maybe(where.node),
    command: words.length === 0 ? undefined : commandLine(words),
    createdAt: isoOf(container.createdAt),
    takenAt: isoOf(container.checkpointedAt),
    takenAtSource: container.checkpointedAtSource,
    frozenMicroseconds: dump.statistics?.frozen_time,
    processCount: processes.length,
    memoryBytes: dump.pageBytes,
    rootfsBytes: dump.rootfsBytes,
  };
}

/** ISO 8601 in UTC; undefined for a date that is none. */
export function isoOf(date: Date | undefined): string | undefined {
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
