import type { VNode } from 'preact';
import type { CaptureView } from '../model/capture-view.ts';
import type { MemoryView, SegmentKind, SegmentView } from '../model/memory-view.ts';
import { Evidence, evidenceString } from './evidence-text.tsx';
import { counted, formatCount, formatSize } from './format.ts';
import { type Bar, barHeight, flagTop, layMemoryOut, mapWidth } from './memory-layout.ts';
import { Scrollable, Section, ShellCommand } from './section.tsx';
import { severityShapes } from './severity.tsx';

export const segmentKinds: readonly (readonly [SegmentKind, string])[] = [
  ['program', 'program'],
  ['library', 'library'],
  ['heap', 'heap'],
  ['stack', 'stack'],
  ['anonymous', 'anonymous'],
  ['shared', 'shared memory'],
  ['memory_file', 'file in memory only'],
  ['file', 'other file'],
  ['kernel', 'the kernel’s'],
];
const kindNames: ReadonlyMap<SegmentKind, string> = new Map(segmentKinds);

/** Processes without findings stay folded where there are more than these, and their pictures have no word on each bar. */
const maxOpenMaps = 8;
const maxWordyMaps = 40;

/** The memory of each process as a picture, findings marked. */
export function MemoryMaps({ view: { memory } }: { readonly view: CaptureView }): VNode {
  const { listed, total, mappings } = memory;
  return (
    <Section id="memory" lead={`${counted(mappings, 'mapping')} of ${counted(total, 'process', 'processes')}, from low addresses to high. A bar is as wide as the logarithm of its size, and as full as the archive holds of it; the rest is as in its file, or was never written.`}>
      <Legend />
      {listed.map((view, i) => (
        <MemoryMap view={view} plain={view.markers.length === 0 && i >= maxWordyMaps} open={view.markers.length > 0 ? i < 40 : i < maxOpenMaps} />
      ))}
      {total > listed.length ? <p class="more">{counted(total - listed.length, 'more process', 'more processes')} without findings.</p> : null}
    </Section>
  );
}

function Legend(): VNode {
  return (
    <ul class="legend" aria-label="Colours and marks">
      {segmentKinds.map(([kind, name]) => (
        <li>
          <svg viewBox="0 0 12 12" aria-hidden="true"><rect width="12" height="12" class={`k-${kind}`} /></svg> {name}
        </li>
      ))}
      <li>
        <svg viewBox="0 0 12 12" aria-hidden="true"><rect width="12" height="12" class="k-anonymous" /><path d="M0 12L12 0M-3 9L9 -3M3 15L15 3" class="hatch" /></svg> can be written and run
      </li>
      <li>
        <svg viewBox="0 0 12 12" aria-hidden="true"><rect y="4" width="12" height="4" class="runs" /></svg> can be run
      </li>
      <li>
        <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M4 0L2 6L8 6L6 12" class="break" /></svg> unmapped, a gigabyte or more
      </li>
    </ul>
  );
}

/** Another colour for a stretch than that of its kind: the class of its bar, and what is said of it. */
export interface Shade {
  readonly name: string;
  readonly text: string;
}
export type ShadeOf = (segment: SegmentView) => Shade;

/** One process’s memory. */
export function MemoryMap({ view, open, plain = false, shadeOf }: { readonly view: MemoryView; readonly open: boolean; readonly plain?: boolean; readonly shadeOf?: ShadeOf | undefined }): VNode {
  const { pid, name, mappings, mappedBytes, storedBytes, segments, markers, command } = view;
  return (
    <details class="memory" id={`memory-${pid}`} open={open} data-print-open>
      <summary>
        <h3>
          <Evidence text={name} /> ({pid})
        </h3>
        <span class="about">
          {counted(mappings, 'mapping')}, {formatSize(mappedBytes)} mapped, {formatSize(storedBytes)} in the archive
          {segments.length < mappings ? `; drawn as ${formatCount(segments.length)}` : ''}
        </span>
      </summary>
      <Picture view={view} plain={plain} shadeOf={shadeOf} />
      {markers.length === 0 ? null : <SegmentTable view={view} />}
      {command === undefined ? null : <ShellCommand command={command} />}
    </details>
  );
}

function Picture({ view, plain, shadeOf }: { readonly view: MemoryView; readonly plain: boolean; readonly shadeOf: ShadeOf | undefined }): VNode {
  const { top, bars, breaks, flags, hiddenFlags, addresses, names } = layMemoryOut(view);
  const bottom = top + barHeight;
  return (
    <>
      <Scrollable label={`Memory map of process ${view.pid}`}>
        <svg class="memory-map" viewBox={`0 0 ${mapWidth} ${bottom + 38}`} role="group" aria-label={`Memory of process ${view.pid}: ${counted(view.segments.length, 'stretch', 'stretches')}, ${counted(flags.length, 'mark')}`}>
          {plain ? <PlainBars bars={bars} top={top} /> : bars.map((bar) => <SegmentBar bar={bar} top={top} shade={shadeOf?.(bar.segment)} />)}
          {breaks.map(({ x, bytes }) => (
            <path d={`M${x + 7} ${top + 2}l-3 ${barHeight / 2}l8 0l-3 ${barHeight / 2 - 4}`} class="break">
              <title>{formatSize(bytes)} unmapped</title>
            </path>
          ))}
          {flags.map((flag) => (
            <a href={`#finding-${flag.finding}`} aria-label={`finding ${flag.finding} at 0x${flag.address}`}>
              <g class={`flag ${flag.severity}`}>
                <path d={`M${flag.x} ${flagTop(flag, top)}V${top}`} class="pole" />
                <rect x={flag.x} y={flagTop(flag, top)} width={flag.width} height="15" />
                <text x={flag.x + flag.width / 2} y={flagTop(flag, top) + 11.5} text-anchor="middle">
                  {severityShapes[flag.severity]}{flag.finding}
                </text>
                <title>{`finding ${flag.finding}, ${flag.severity}, at 0x${flag.address}`}</title>
              </g>
            </a>
          ))}
          {names.map(({ x, text }) => (
            <text x={x} y={bottom + 20} class="label">{text}</text>
          ))}
          {addresses.map(({ x, text }) => (
            <text x={x} y={bottom + 34} class="label address">{text}</text>
          ))}
        </svg>
      </Scrollable>
      {hiddenFlags > 0 ? <p class="more">{counted(hiddenFlags, 'more mark')} had no room.</p> : null}
    </>
  );
}

/** All bars of a kind as one shape: a tenth of the document that a shape each makes. */
function PlainBars({ bars, top }: { readonly bars: readonly Bar[]; readonly top: number }): VNode {
  const shape = (kind: SegmentKind, height: (bar: Bar) => number): string =>
    bars.filter(({ segment }) => segment.kind === kind).map((bar) => `M${bar.x} ${top + barHeight}v-${height(bar)}h${drawnWidth(bar)}v${height(bar)}z`).join('');
  const code = bars.filter(({ segment }) => segment.executable).map((bar) => `M${bar.x} ${top + barHeight + 4}h${drawnWidth(bar)}`).join('');
  return (
    <>
      {[...new Set(bars.map(({ segment }) => segment.kind))].map((kind) => (
        <g class={`k-${kind}`}>
          <path d={shape(kind, () => barHeight)} class="mapped" />
          <path d={shape(kind, filledHeight)} />
        </g>
      ))}
      {code === '' ? null : <path d={code} class="code-line" />}
    </>
  );
}

function drawnWidth({ width }: Bar): number {
  return Math.max(0.6, Math.round((width - 0.4) * 10) / 10);
}

/** How much of a bar the archive holds; what it holds a little of is seen too. */
function filledHeight({ segment: { bytes, storedBytes } }: Bar): number {
  return storedBytes === 0 || bytes === 0 ? 0 : Math.max(2, Math.round(Math.min(1, storedBytes / bytes) * barHeight));
}

function SegmentBar({ bar, top, shade }: { readonly bar: Bar; readonly top: number; readonly shade: Shade | undefined }): VNode {
  const { segment, x } = bar;
  const { kind, executable, writableCode } = segment;
  const filled = filledHeight(bar);
  const drawn = drawnWidth(bar);
  return (
    <g class={shade?.name ?? `k-${kind}`}>
      <rect x={x} y={top} width={drawn} height={barHeight} class="mapped" />
      {filled === 0 ? null : <rect x={x} y={top + barHeight - filled} width={drawn} height={filled} />}
      {writableCode ? <path d={hatchOf(x, top, drawn)} class="hatch" /> : null}
      {executable ? <rect x={x} y={top + barHeight + 2} width={drawn} height="4" class="runs" /> : null}
      <title>{segmentText(segment)}{shade === undefined ? '' : `, ${shade.text}`}</title>
    </g>
  );
}

function hatchOf(x: number, top: number, width: number): string {
  const lines = Array.from({ length: 5 }, (_, i) => `M${x} ${top + 8 * (i + 1)}l${width} -8`);
  return `${lines.join('')}M${x} ${top}h${width}v${barHeight}h-${width}z`;
}

function segmentText(segment: SegmentView): string {
  const { start, end, bytes, storedBytes, kind, permissions, name, mappings } = segment;
  const what = evidenceString(name, 120);
  return `${start}-${end} ${permissions} ${what.startsWith('⟨') ? kindNames.get(kind) : what}, ${formatSize(bytes)}, ${formatSize(storedBytes)} in the archive${mappings > 1 ? `, ${formatCount(mappings)} mappings` : ''}`;
}

function SegmentTable({ view: { segments, markers, pid } }: { readonly view: MemoryView }): VNode {
  const findingsOf = (i: number): readonly number[] => [...new Set(markers.filter(({ segment }) => segment === i).map(({ finding }) => finding))].sort((a, b) => a - b);
  return (
    <details class="table">
      <summary>The same as a table</summary>
      <Scrollable label={`Mappings of process ${pid}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Addresses</th>
              <th scope="col">May</th>
              <th scope="col" class="number">Size</th>
              <th scope="col" class="number">In the archive</th>
              <th scope="col">What</th>
              <th scope="col">Findings</th>
            </tr>
          </thead>
          <tbody>
            {segments.map((segment, i) => (
              <tr>
                <td><code>{segment.start}-{segment.end}</code></td>
                <td><code>{segment.permissions}</code></td>
                <td class="number">{formatSize(segment.bytes)}</td>
                <td class="number">{segment.storedBytes === 0 ? '' : formatSize(segment.storedBytes)}</td>
                <td>
                  {segment.name === '' ? kindNames.get(segment.kind) : <Evidence text={segment.name} code />}
                  {segment.mappings > 1 ? ` (${formatCount(segment.mappings)} mappings)` : ''}
                </td>
                <td>{findingsOf(i).map((number) => <><a href={`#finding-${number}`}>#{number}</a> </>)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
    </details>
  );
}
