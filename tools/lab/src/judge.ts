import type { Finding } from '@icecore/findings';
import type { Expectation, Scenario } from './scenario.ts';

/** What of a truth a judgement needs. */
export interface KnownProcesses {
  readonly notes: readonly string[];
  readonly processes: readonly { readonly ns_pid: number; readonly cmdline: readonly string[]; readonly comm: string; readonly exe_sha256: string | null }[];
}

/** A scenario's findings held against its labels. */
export interface Judgement {
  readonly scenario: Scenario;
  readonly met: readonly Expectation[];
  readonly missed: readonly Expectation[];
  /** Findings that no label asks for or allows, of medium severity or more, and for a negative of high or more. */
  readonly mistaken: readonly Finding[];
  readonly findings: readonly Finding[];
}

const grave = new Set(['high', 'critical']);
const telling = new Set(['medium', 'high', 'critical']);

/** Passes where nothing is missed and nothing of high severity is mistaken. */
export function passes({ missed, mistaken }: Judgement): boolean {
  return missed.length === 0 && !mistaken.some(({ severity }) => grave.has(severity));
}

export function judge(scenario: Scenario, truth: KnownProcesses, findings: readonly Finding[]): Judgement {
  const met = scenario.expected.filter((expectation) => findings.some((finding) => meets(finding, expectation, truth)));
  const allowed = new Set([...scenario.expected, ...(scenario.misses ?? [])].map(({ signal }) => signal).concat(scenario.also ?? []));
  return {
    scenario,
    met,
    missed: scenario.expected.filter((expectation) => !met.includes(expectation)),
    mistaken: findings.filter(({ signal, severity, category }) => category === 'attack' && telling.has(severity) && !allowed.has(signal)),
    findings,
  };
}

function meets(finding: Finding, { signal, command, path, label, recovered, noted }: Expectation, truth: KnownProcesses): boolean {
  if (finding.signal !== signal) return false;
  if (path !== undefined && !finding.evidence.some((item) => item.path === path)) return false;
  if (label !== undefined && !label.test(textOf(finding))) return false;
  if (noted === true && !truth.notes.some((note) => holdsAddress(finding, note))) return false;
  if (command === undefined) return true;
  const pids = new Set(finding.evidence.flatMap(({ pid }) => pid ?? []).concat(finding.pid ?? []));
  const told = finding.facts?.['sha256'];
  return truth.processes.some(({ ns_pid, cmdline, comm, exe_sha256 }) => pids.has(ns_pid) && (recovered !== true || (exe_sha256 !== null && exe_sha256 === told)) && (command.test(cmdline.join(' ')) || command.test(comm)));
}

/** The evidence covers the address of a note such as `address 0x7f705bcb1480`. */
function holdsAddress({ evidence }: Finding, note: string): boolean {
  const [, hex] = /^address (0x[0-9a-f]+)$/.exec(note) ?? [];
  if (hex === undefined) return false;
  const noted = BigInt(hex);
  return evidence.some(({ address, length = 1 }) => address !== undefined && address <= noted && noted < address + BigInt(length));
}

function textOf({ summary, facts, evidence }: Finding): string {
  return [summary, ...Object.entries(facts ?? {}).flat(), ...evidence.map(({ value }) => value ?? '')].join('\n');
}

/** Right answers, mistaken ones and missed ones of one signal over all scenarios. */
export interface SignalScore {
  readonly signal: string;
  readonly right: number;
  readonly mistaken: number;
  readonly missed: number;
}

export function scores(judgements: readonly Judgement[]): SignalScore[] {
  const signals = new Set(judgements.flatMap(({ scenario, mistaken }) => [...scenario.expected, ...mistaken].map(({ signal }) => signal)));
  return [...signals]
    .sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
    .map((signal) => ({
      signal,
      right: count(judgements, ({ met }) => met, signal),
      mistaken: count(judgements, ({ mistaken }) => mistaken, signal),
      missed: count(judgements, ({ missed }) => missed, signal),
    }));
}

function count(judgements: readonly Judgement[], of: (judgement: Judgement) => readonly { readonly signal: string }[], signal: string): number {
  return judgements.reduce((sum, judgement) => sum + of(judgement).filter((each) => each.signal === signal).length, 0);
}
