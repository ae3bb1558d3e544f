import { type Confidence, type Detection, type EvidenceItem, type Finding, type Severity, tacticsOf, techniqueOf } from '@icecore/findings';
import type { Process } from '@icecore/snapshot';
import { type BytesView, type MemoryPreview } from './bytes-view.ts';
import { shellWord } from './shell-word.ts';
import type { EvidenceText, TextMaker } from './text.ts';

/** Most findings that a page shows one by one, the most severe first, and most evidence of each. */
export const maxShownFindings = 500;
export const maxShownEvidence = 20;

export interface TechniqueView {
  readonly id: string;
  readonly name: string;
  readonly tactics: readonly string[];
}

/** One thing that shows what a finding says. */
export interface EvidenceView {
  readonly what: string;
  readonly pid: number | undefined;
  readonly fd: number | undefined;
  /** Hex, without `0x`. */
  readonly address: string | undefined;
  readonly length: number | undefined;
  readonly path: EvidenceText | undefined;
  readonly image: EvidenceText | undefined;
  readonly offset: number | undefined;
  readonly value: EvidenceText | undefined;
  /** The command that shows the bytes; undefined where none can. */
  readonly command: string | undefined;
  /** The first bytes themselves, secrets hidden, where the archive holds them. */
  readonly bytes: BytesView | undefined;
}

export interface FindingView {
  /** From 1, in the order of the page: how one finding is spoken of. */
  readonly number: number;
  readonly id: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly category: Finding['category'];
  readonly title: string;
  readonly summary: EvidenceText;
  readonly detector: string;
  readonly detectorVersion: number;
  readonly signal: string;
  readonly techniques: readonly TechniqueView[];
  readonly falsePositives: string;
  readonly pid: number | undefined;
  /** Name of the process (comm). */
  readonly process: EvidenceText | undefined;
  readonly facts: readonly { readonly name: string; readonly value: EvidenceText }[];
  readonly evidence: readonly EvidenceView[];
  /** How much more evidence there is than is shown. */
  readonly moreEvidence: number;
  /** The incident that it is part of, by its number. */
  readonly incident: number | undefined;
}

/** Findings that are one story. */
export interface IncidentView {
  readonly number: number;
  readonly id: string;
  readonly severity: Severity;
  readonly title: EvidenceText;
  readonly techniques: readonly TechniqueView[];
  readonly tactics: readonly string[];
  readonly processes: readonly { readonly pid: number; readonly name: EvidenceText }[];
  /** A sentence a finding, in the order in which the story is told; `finding` is undefined for one that is not shown. */
  readonly story: readonly { readonly sentence: EvidenceText; readonly severity: Severity | undefined; readonly finding: number | undefined }[];
}

interface FindingContext {
  readonly archive: string;
  readonly processes: ReadonlyMap<number, Process>;
  readonly texts: TextMaker;
  readonly preview: MemoryPreview;
}

export async function findingViews({ findings, incidents }: Detection, context: FindingContext): Promise<readonly FindingView[]> {
  const incidentOf = new Map(incidents.flatMap((incident, i) => incident.findings.map((id) => [id, i + 1] as const)));
  const views: FindingView[] = [];
  for (const [i, finding] of findings.slice(0, maxShownFindings).entries()) views.push(await findingView(finding, i + 1, incidentOf.get(finding.id), context));
  return views;
}

async function findingView(finding: Finding, number: number, incident: number | undefined, context: FindingContext): Promise<FindingView> {
  const { texts, processes } = context;
  const process = finding.pid === undefined ? undefined : processes.get(finding.pid);
  const evidence: EvidenceView[] = [];
  const shown = new Set<bigint | undefined>();
  for (const item of finding.evidence.slice(0, maxShownEvidence)) {
    // Bytes of one place are shown once.
    evidence.push(await evidenceView(item, shown.has(item.address) ? { ...context, preview: noPreview } : context));
    shown.add(item.address);
  }
  const { id, severity, confidence, category, title, detector, detectorVersion, signal, falsePositives, pid } = finding;
  return {
    number,
    id,
    severity,
    confidence,
    category,
    title,
    summary: texts.text(finding.summary, 2000),
    detector,
    detectorVersion,
    signal,
    techniques: techniqueViews(finding.techniques),
    falsePositives,
    pid,
    process: process === undefined ? undefined : texts.text(process.comm),
    facts: Object.entries(finding.facts).map(([name, value]) => ({ name, value: texts.text(value) })),
    evidence,
    moreEvidence: finding.evidence.length - evidence.length,
    incident,
  };
}

const noPreview: MemoryPreview = async () => undefined;

async function evidenceView(item: EvidenceItem, { texts, archive, preview }: FindingContext): Promise<EvidenceView> {
  const { what, pid, fd, address, length, path, image, offset, value } = item;
  return {
    what,
    pid,
    fd,
    address: address?.toString(16),
    length,
    path: path === undefined ? undefined : texts.text(path),
    image: image === undefined || image === '' ? undefined : texts.text(image),
    offset,
    value: value === undefined ? undefined : texts.text(value, 1000),
    command: commandFor(item, archive),
    bytes: pid === undefined || address === undefined ? undefined : await preview(pid, address, length),
  };
}

/** The command that shows what an item names, for a shell. */
function commandFor({ pid, address, length, path, image }: EvidenceItem, archive: string): string | undefined {
  const name = shellWord(archive);
  if (name === undefined) return undefined;
  if (pid !== undefined && address !== undefined) return `icecore memory ${name} ${pid} --at ${address.toString(16)} --length ${Math.min(Math.max(1, length ?? 64), 256)}`;
  if (image === undefined) return undefined;
  if (/^[\w.-]+\.img$/.test(image) && !/^(?:pages|ghost-file|tmpfs|memfd)-?/.test(image)) return `icecore decode ${name} ${image}`;
  return path === undefined ? undefined : `icecore extract ${name} -o evidence-files`;
}

export function incidentViews({ incidents, findings }: Detection, { processes, texts }: Pick<FindingContext, 'processes' | 'texts'>): readonly IncidentView[] {
  const numbers = new Map(findings.map(({ id }, i) => [id, i + 1]));
  return incidents.map((incident, i) => ({
    number: i + 1,
    id: incident.id,
    severity: incident.severity,
    title: texts.text(incident.title, 1000),
    techniques: techniqueViews(incident.techniques),
    tactics: incident.tactics,
    processes: incident.pids.map((pid) => ({ pid, name: texts.text(processes.get(pid)?.comm ?? '') })),
    story: incident.story.slice(0, maxShownFindings).map((sentence, at) => {
      const number = numbers.get(incident.findings[at] ?? '');
      const finding = number === undefined ? undefined : findings[number - 1];
      return { sentence: texts.text(sentence, 2000), severity: finding?.severity, finding: number === undefined || number > maxShownFindings ? undefined : number };
    }),
  }));
}

function techniqueViews(ids: readonly string[]): readonly TechniqueView[] {
  return ids.map((id) => ({ id, name: techniqueOf(id)?.name ?? '', tactics: tacticsOf([id]) }));
}
