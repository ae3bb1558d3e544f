import { type ExaminedFile, type Severity, severityId } from '@icecore/findings';
import { formatMode } from '@icecore/linux';
import { isoOf } from './capture-facts.ts';
import type { FindingView } from './finding-view.ts';
import { beginningOf, type EvidenceText, type TextMaker } from './text.ts';

/** Most files that a page lists; those with findings come first. */
export const maxShownFiles = 1000;

/** A file that the archive holds or that was deleted. */
export interface FileView {
  readonly path: EvidenceText;
  readonly origin: ExaminedFile['origin'];
  /** `hidden`: no path leads to it. */
  readonly change: 'present' | 'deleted' | 'opaque' | 'hidden';
  readonly type: ExaminedFile['type'];
  /** As ls(1) shows permissions; undefined where not known. */
  readonly mode: string | undefined;
  /** It acts as its owner for whoever runs it. */
  readonly setuid: boolean;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly size: number;
  /** ISO 8601, UTC. */
  readonly modifiedAt: string | undefined;
  readonly sha256: string | undefined;
  readonly linkTarget: EvidenceText | undefined;
  /** Archive entry or CRIU image that holds it. */
  readonly entry: EvidenceText;
  readonly pids: readonly number[];
  readonly findings: readonly number[];
  readonly severity: Severity | undefined;
}

export interface FilesView {
  readonly listed: readonly FileView[];
  readonly total: number;
  /** False where the archive has no record of changes to the root file system. */
  readonly rootfsRecorded: boolean;
}

export function filesView(files: readonly ExaminedFile[], rootfsRecorded: boolean, findings: readonly FindingView[], { text }: TextMaker): FilesView {
  const byPath = new Map<string, FindingView[]>();
  for (const finding of findings) {
    const paths = new Set(finding.evidence.flatMap(({ path }) => (path === undefined ? [] : [beginningOf(path)])));
    for (const path of paths) byPath.set(path, [...(byPath.get(path) ?? []), finding]);
  }
  const seen = files.map((file) => ({ file, path: text(file.path) })).map(({ file, path }) => ({ file, path, about: byPath.get(beginningOf(path)) ?? [] }));
  const worst = ({ about }: (typeof seen)[number]): number => Math.max(0, ...about.map(({ severity }) => severityId(severity)));
  // Folders are there because of what is in them.
  const dull = ({ file: { type, change } }: (typeof seen)[number]): number => (type === 'directory' && change === 'present' ? 1 : 0);
  const ordered = [...seen].sort((a, b) => worst(b) - worst(a) || dull(a) - dull(b) || (a.file.path < b.file.path ? -1 : 1));
  return {
    total: files.length,
    rootfsRecorded,
    listed: ordered.slice(0, maxShownFiles).map(({ file, path, about }): FileView => {
      const { origin, change, type, mode, uid, gid, size, modifiedAt, sha256, linkTarget, entry, pids } = file;
      return {
        path,
        origin,
        change: isHidden(origin) ? 'hidden' : change,
        type,
        mode: mode === undefined ? undefined : formatMode((typeBits[type] ?? 0) | mode),
        setuid: mode !== undefined && (mode & 0o6000) !== 0 && type === 'file',
        uid,
        gid,
        size,
        modifiedAt: isoOf(modifiedAt),
        sha256,
        linkTarget: linkTarget === undefined ? undefined : text(linkTarget),
        entry: text(entry),
        pids: pids.slice(0, 16),
        findings: about.map(({ number }) => number),
        severity: about.map(({ severity }) => severity).sort((a, b) => severityId(b) - severityId(a))[0],
      };
    }),
  };
}

function isHidden(origin: ExaminedFile['origin']): boolean {
  return origin === 'deleted' || origin === 'memfd' || origin === 'shared_memory' || origin === 'sysv';
}

/** S_IFMT bits. */
const typeBits: Readonly<Partial<Record<ExaminedFile['type'], number>>> = { file: 0o100000, hardlink: 0o100000, directory: 0o040000, symlink: 0o120000, fifo: 0o010000 };
