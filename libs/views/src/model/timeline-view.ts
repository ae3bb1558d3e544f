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
  /** The events that it stands for, where it stands for several of one second and one kind; those of findings stay alone. */
  readonly members: readonly EvidenceText[];
  readonly count: number;
}

export interface TimelineView {
  /** In order of time. */
  readonly listed: readonly EventView[];
  /** Single events that there are. */
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
  const joined = joinedEvents(events.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)));
  const end = Date.parse(isoOf(sources.snapshot.container.checkpointedAt) ?? '9999-12-31T00:00:00Z');
  const distance = ({ at, kind, findings }: EventView): number => (kind === 'container' ? -2 : findings.length > 0 ? -1 : Math.abs(end - Date.parse(at)));
  const kept = new Set(joined.length <= maxShownEvents ? joined : [...joined].sort((a, b) => distance(a) - distance(b)).slice(0, maxShownEvents));
  return { listed: joined.filter((event) => kept.has(event)), total: events.length };
}

/** Most members of a joined event that are named. */
const maxMembers = 200;
/** So many events of one second and kind are joined. */
const minJoined = 4;

/** Dull events of one second and one kind as one: an unpacked package is one event, not a thousand. */
function joinedEvents(events: readonly EventView[]): readonly EventView[] {
  const groups = Map.groupBy(events, ({ at, kind, what, pid, findings }) => (findings.length > 0 || kind !== 'file' ? Symbol('alone') : `${at.slice(0, 19)} ${what} ${pid ?? ''}`));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length < minJoined) return group;
    const members = group.slice(0, maxMembers).flatMap(({ subject }) => subject ?? []);
    return [{ ...first, subject: commonFolder(group.flatMap(({ subject }) => (subject === undefined ? [] : [beginningOf(subject)]))), members, count: group.length }];
  });
}

/** The folder that all paths are below. */
function commonFolder(paths: readonly string[]): string {
  const [first = '', ...rest] = paths.map((path) => path.split('/').slice(0, -1));
  const parts = typeof first === 'string' ? [] : first;
  const shared = parts.findIndex((part, i) => rest.some((other) => other[i] !== part));
  return `${(shared === -1 ? parts : parts.slice(0, shared)).join('/')}/`;
}

/** What an event has that stands for itself. */
const alone = { members: [], count: 1 } as const;

function containerEvents({ snapshot: { container } }: TimelineSources, { text }: TextMaker): EventView[] {
  const created = isoOf(container.createdAt);
  const taken = isoOf(container.checkpointedAt);
  const event = { kind: 'container', pid: undefined, findings: [], ...alone } as const;
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
    return [{ at, kind: 'file', what: origin === 'deleted' ? 'file written, deleted since' : 'file written', subject: shown, pid: undefined, findings: byPath.get(beginningOf(shown)) ?? [], ...alone }];
  });
}

function shellEvents({ hits }: TimelineSources, { text }: TextMaker): EventView[] {
  return hits.flatMap((hit): EventView[] => {
    const at = hit.kind === 'history' ? isoOf(hit.enteredAt) : undefined;
    return hit.kind !== 'history' || at === undefined ? [] : [{ at, kind: 'shell', what: 'command entered', subject: text(hit.command), pid: hit.pid, findings: [], ...alone }];
  });
}

function logEvents({ logs }: TimelineSources, { text }: TextMaker): EventView[] {
  return logs.map(({ at, stream, line }) => ({ at, kind: 'log', what: stream, subject: text(line, 300), pid: undefined, findings: [], ...alone }));
}
