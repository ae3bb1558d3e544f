import { attackVersion, techniqueOf } from './attack.ts';
import type { Detector, Need } from './detector.ts';
import { severities } from './severity.ts';

/** What a detector reads, in words. */
const needNames: Readonly<Record<Need, string>> = {
  memory_scan: 'the memory scan',
  changed_files: 'changed files',
  specification: 'the container’s specification',
  node_processes: 'the node’s process list',
  dump_log: 'CRIU’s log of the dump',
  image: 'the image’s file list',
};

/** What a signal does not look at, and why. */
const limits: readonly (readonly [signal: string, text: string])[] = [
  ['S9', 'Saved return addresses are not followed: without the unwind tables of each program, a stack holds many that are stale. The instruction pointer and the stack pointer of each thread are looked at.'],
  ['S10', 'A process that is traced cannot be seized, so no archive shows it. It is told from the log of the dump that was refused.'],
  ['S30', 'The flag of an interface that takes what is meant for others is not seen in a pod, whose network namespace is not dumped. That of a packet socket is.'],
  ['S41', 'A job that a package brought is told from one that somebody wrote by its content alone, once the container’s package database has changed.'],
  ['S63', 'Encrypted files are known by a note, by the endings of known kinds, and by endings behind the names of documents. Files that keep their names are not recognised.'],
  ['S64', 'A folder `.cache` or `.config` in `/tmp` is not called hidden, for programs make such folders where they have no home. Programs in it are reported as S13 when they run.'],
];

/** `docs/signals.md`: every detector, what it needs, and what looks the same. */
export function signalsDocument(detectors: readonly Detector[]): string {
  const number = ({ signal }: Detector): number => Number(signal.slice(1));
  const sorted = [...detectors].sort((a, b) => number(a) - number(b) || (a.id < b.id ? -1 : 1));
  const lines = [
    '# Signals',
    '',
    `What icecore looks for in a capture: ${sorted.length} detectors, one file each in [libs/findings/src/detectors](../libs/findings/src/detectors). Techniques are those of ATT&CK v${attackVersion}.`,
    'Severity is that at high confidence; a finding says its own, by its confidence and by how exposed the container is. A detector whose need was not',
    'met says so in the coverage of the result. `libs/findings/generate-docs.mjs` writes this page from the detectors.',
    '',
    '| signal | what is found | severity | techniques | reads, besides the snapshot | what harmless thing looks the same |',
    '| --- | --- | --- | --- | --- | --- |',
    ...sorted.map((each) => `| ${[each.signal, `${each.title} (\`${each.id}\`)`, each.severity, each.techniques.map(named).join(', '), each.needs.map((need) => needNames[need]).join(', ') || '–', each.falsePositives].map(cell).join(' | ')} |`),
    '',
    '## What is not looked at',
    '',
    ...limits.map(([signal, text]) => `- **${signal}** ${text}`),
    '',
    '## Severities',
    '',
    `In order: ${severities.join(', ')}.`,
    '',
  ];
  return lines.join('\n');
}

function named(technique: string): string {
  const known = techniqueOf(technique);
  return known === undefined ? technique : `${technique} ${known.name}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
