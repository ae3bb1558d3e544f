import { formatBytes } from '@icecore/bytes';
import { type Changes, type FieldChange, isEmpty, type SnapshotDifference, summarise } from '@icecore/difference';
import type { Terminal } from '../terminal.ts';
import { maskedValue } from '../masking.ts';
import { shown } from './text-table.ts';

/** Most lines of one kind of change that are shown; JSON has all. */
const mostLines = 40;

/** The difference with marks in place of the secrets that names of variables give away. */
export function maskedDifference(difference: SnapshotDifference): SnapshotDifference {
  const shownValue = (name: string, value: string | null): string | null => (value === null ? null : maskedValue(name, value));
  const environments = difference.environments.map(({ pid, added, removed, changed }) => ({
    pid,
    added: added.map(({ name, value }) => ({ name, value: shownValue(name, value) })),
    removed: removed.map(({ name, value }) => ({ name, value: shownValue(name, value) })),
    changed: changed.map(({ name, before, after }) => ({ name, before: shownValue(name, before), after: shownValue(name, after) })),
  }));
  return { ...difference, environments };
}

/** What changed, part by part: `+` came, `-` went, `~` is another. */
export function differenceLines(difference: SnapshotDifference, terminal: Terminal): string[] {
  const { processes, environments, descriptors, sockets, mappings, changedFiles, hiddenFiles, mounts, network } = difference;
  const of = (pid: number) => `process ${pid}: `;
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['container', difference.container.map((change) => `~ ${fieldText(change)}`)],
    ['processes', changeLines(processes)],
    ['environment', environments.flatMap((each) => changeLines(each, of(each.pid)))],
    ['open files', descriptors.flatMap((each) => changeLines(each, of(each.pid)))],
    ['sockets', changeLines(sockets)],
    ['memory map', mappings.flatMap((each) => changeLines(each, of(each.pid)))],
    ['memory', memoryLines(difference)],
    ['changed files', changedFiles === null ? [] : changeLines(changedFiles)],
    ['files without a name', hiddenFiles === null ? [] : changeLines(hiddenFiles)],
    ['mounts', changeLines(mounts)],
    ['network', [...changeLines(network.interfaces), ...changeLines(network.addresses)]],
    ['not compared', difference.notCompared.map((each) => shown(describe(each)))],
  ];
  const lines = [terminal.style('bold', isEmpty(difference) ? 'no difference found' : headline(difference))];
  for (const [title, content] of parts) {
    if (content.length === 0) continue;
    lines.push('', terminal.style('bold', title), ...content.slice(0, mostLines).map((line) => `  ${line}`));
    if (content.length > mostLines) lines.push(`  and ${content.length - mostLines} more; --json has all`);
  }
  return lines;
}

function headline(difference: SnapshotDifference): string {
  const { processes, sockets, changedFiles, hiddenFiles } = summarise(difference).parts;
  const count = (what: string, { added, removed, changed }: { added: number; removed: number; changed: number }): string => `${what} +${added} -${removed} ~${changed}`;
  return [count('processes', processes), count('sockets', sockets), count('files', changedFiles), count('files without a name', hiddenFiles)].join(', ');
}

function memoryLines({ pages }: SnapshotDifference): string[] {
  return (pages ?? []).flatMap(({ pid, counts }) => {
    const said = Object.entries(counts).flatMap(([verdict, { pages: count, bytes }]) =>
      verdict === 'equal' || count === 0 ? [] : [`${count} pages ${verdict} (${formatBytes(bytes)})`],
    );
    return said.length === 0 ? [] : [`~ process ${pid}: ${said.join(', ')}`];
  });
}

function changeLines(changes: Changes<unknown, unknown>, prefix = ''): string[] {
  return [
    ...changes.added.map((item) => `+ ${prefix}${shown(describe(item))}`),
    ...changes.removed.map((item) => `- ${prefix}${shown(describe(item))}`),
    ...changes.changed.map((item) => `~ ${prefix}${shown(describe(item))}`),
  ];
}

function fieldText({ field, before, after }: FieldChange): string {
  return `${field} ${JSON.stringify(before)} → ${JSON.stringify(after)}`;
}

/** A plain value in one line: names and values, what is empty left out. */
function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (isFieldChange(value)) return fieldText(value);
  if (Array.isArray(value)) return value.map(describe).join(', ');
  return Object.entries(value)
    .filter(([, each]) => each !== null && each !== undefined && each !== '' && !(typeof each === 'object' && isHollow(each)))
    .map(([name, each]) => (name === 'fields' ? describe(each) : `${name} ${describe(each)}`))
    .join('  ');
}

function isFieldChange(value: object): value is FieldChange {
  return 'field' in value && 'before' in value && 'after' in value;
}

function isHollow(value: object): boolean {
  return Array.isArray(value) ? value.length === 0 : Object.values(value).every((each) => Array.isArray(each) && each.length === 0);
}
