import type { ExaminedFile } from '@icecore/findings';
import type { ScanHit } from '@icecore/scan';
import type { ContainerSnapshot } from '@icecore/snapshot';
import { isoOf } from './capture-facts.ts';
import type { FindingView } from './finding-view.ts';
import type { LogLine } from './log-lines.ts';
import { beginningOf, type EvidenceText, type TextMaker } from './text.ts';

/** Most events that a page lists; those of findings, and those nearest to the capture, come first. */
export const maxShownEvents = 500;

export interface EventView {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: 'container' | 'file' | 'shell' | 'log';
  /** What happened, in our words. */
  readonly what: string;
  /** What it happened to, in the evidence's. */
  readonly subject: EvidenceText | undefined;
  readonly pid: number | undefined;
  readonly findings: readonly number[];
}

export interface TimelineView {
  /** In order of time. */
  readonly listed: readonly EventView[];
  readonly total: number;
}

export interface TimelineSources {
  readonly snapshot: ContainerSnapshot;
  readonly files: readonly ExaminedFile[];
  readonly hits: readonly ScanHit[];
  readonly logs: readonly LogLine[];
  readonly findings: readonly FindingView[];
}

/** Everything that the evidence gives a time for. */
export function timelineView(sources: TimelineSources, texts: TextMaker): TimelineView {
  const events = [...containerEvents(sources, texts), ...fileEvents(sources, texts), ...shellEvents(sources, texts), ...logEvents(sources, texts)];
  const end = Date.parse(isoOf(sources.snapshot.container.checkpointedAt) ?? '9999-12-31T00:00:00Z');
  const distance = ({ at, kind, findings }: EventView): number => (kind === 'container' ? -2 : findings.length > 0 ? -1 : Math.abs(end - Date.parse(at)));
  const kept = events.length <= maxShownEvents ? events : [...events].sort((a, b) => distance(a) - distance(b)).slice(0, maxShownEvents);
  return { listed: kept.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)), total: events.length };
}

function containerEvents({ snapshot: { container } }: TimelineSources, { text }: TextMaker): EventView[] {
  const created = isoOf(container.createdAt);
  const taken = isoOf(container.checkpointedAt);
  const event = { kind: 'container', pid: undefined, findings: [] } as const;
  return [
    ...(created === undefined ? [] : [{ ...event, at: created, what: 'container created', subject: container.image === undefined ? undefined : text(container.image) }]),
    ...(taken === undefined ? [] : [{ ...event, at: taken, what: 'checkpoint taken', subject: undefined }]),
  ];
}

function fileEvents({ files, findings }: TimelineSources, { text }: TextMaker): EventView[] {
  const byPath = new Map<string, number[]>();
  for (const { number, evidence } of findings) for (const path of new Set(evidence.flatMap((item) => (item.path === undefined ? [] : [beginningOf(item.path)])))) byPath.set(path, [...(byPath.get(path) ?? []), number]);
  return files.flatMap(({ path, modifiedAt, type, origin }): EventView[] => {
    const at = isoOf(modifiedAt);
    if (at === undefined || type === 'directory') return [];
    const shown = text(path);
    return [{ at, kind: 'file', what: origin === 'deleted' ? 'file written, deleted since' : 'file written', subject: shown, pid: undefined, findings: byPath.get(beginningOf(shown)) ?? [] }];
  });
}

function shellEvents({ hits }: TimelineSources, { text }: TextMaker): EventView[] {
  return hits.flatMap((hit): EventView[] => {
    const at = hit.kind === 'history' ? isoOf(hit.enteredAt) : undefined;
    return hit.kind !== 'history' || at === undefined ? [] : [{ at, kind: 'shell', what: 'command entered', subject: text(hit.command), pid: hit.pid, findings: [] }];
  });
}

function logEvents({ logs }: TimelineSources, { text }: TextMaker): EventView[] {
  return logs.map(({ at, stream, line }) => ({ at, kind: 'log', what: stream, subject: text(line, 300), pid: undefined, findings: [] }));
}
