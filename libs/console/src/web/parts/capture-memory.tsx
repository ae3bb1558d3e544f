import { MemoryMap, type MemoryView } from '@icecore/views/browser';
import type { VNode } from 'preact';
import type { CaptureAnswer, EntropyAnswer } from '../../contract/answers.ts';
import { useGet } from '../api.ts';
import { href, navigate, setQuery } from '../router.ts';
import { bytesText, Evidence, spelledOut } from '../text.tsx';
import { Choice } from './filters.tsx';
import { entropyShade, entropyShades, writtenShade, writtenShades } from './shades.ts';
import { Empty, Shown } from './states.tsx';
import { TableList } from './table-list.tsx';

const colourings = [['kind', 'what it is'], ['written', 'what was written'], ['entropy', 'how random it is']] as const;

const kinds = [['program', 'program'], ['library', 'library'], ['heap', 'heap'], ['stack', 'stack'], ['anonymous', 'anonymous'], ['shared', 'shared'], ['memory_file', 'file in memory only'], ['file', 'other file'], ['kernel', 'the kernel’s']] as const;

/** The memory of a process as a picture, and every mapping; a click on either leads to its bytes. */
export function CaptureMemory({ id, answer, query }: { readonly id: string; readonly answer: CaptureAnswer; readonly query: URLSearchParams }): VNode {
  const { listed } = answer.processes;
  const grave = listed.find(({ findings }) => findings.length > 0) ?? listed[0];
  const pid = query.get('pid') ?? (grave === undefined ? null : String(grave.pid));
  const picture = useGet<MemoryView>(pid === null ? undefined : `/captures/${encodeURIComponent(id)}/memory/${encodeURIComponent(pid)}`);
  if (pid === null) return <Empty>The capture has no process.</Empty>;
  return (
    <>
      <header class="page-head">
        <label class="filter"><span>Process</span>
          <select value={pid} onChange={(event) => setQuery({ pid: event.currentTarget.value, text: null })}>
            {listed.map((process) => <option key={process.pid} value={process.pid} selected={String(process.pid) === pid}>{process.pid} {spelledOut(typeof process.name === 'string' ? process.name : process.name.start, 40)}{process.findings.length > 0 ? ` – ${process.severity ?? ''}` : ''}</option>)}
          </select>
        </label>
        <Choice label="Colour by" name="colour" value={query.get('colour') ?? 'kind'} any={null} options={colourings} />
        <a class="button" href={href('/memory', { capture: id, pid, view: 'search' })}>Search its memory</a>
      </header>
      <Shown answer={picture} what="the memory map">
        {(view) => (
          <div class="view" onClick={(event) => toBytes(event, id, pid)}>
            <Coloured view={view} capture={id} pid={pid} colouring={query.get('colour') ?? 'kind'} />
            <p class="muted small map-words">From low addresses to high; a bar is as wide as the logarithm of its size, and as full as the archive holds of it. A bar leads to its bytes.</p>
          </div>
        )}
      </Shown>
      <TableList
        table="memory_mappings" capture={id} query={query} filter={[`pid:${pid}`]} columns={['start_hex', 'end_hex', 'permissions', 'name', 'size', 'present_bytes', 'file_deleted', 'build_id']} empty="The memory map of this process is not in the archive."
        open={(row) => href('/memory', { capture: id, pid, at: String(row.get('start_hex') ?? '') })}
      />
    </>
  );
}

/** The picture in one of three colourings. How random it is comes from the evidence, the others from the lake. */
function Coloured({ view, capture, pid, colouring }: { readonly view: MemoryView; readonly capture: string; readonly pid: string; readonly colouring: string }): VNode {
  const entropy = useGet<EntropyAnswer>(colouring === 'entropy' ? '/entropy' : undefined, { capture, pid });
  if (colouring === 'written') return <><Legend items={writtenShades} /><MemoryMap view={view} open shadeOf={writtenShade} /></>;
  if (colouring !== 'entropy') return <><Legend items={kinds.map(([kind, title]) => [`k-${kind}`, title])} /><MemoryMap view={view} open /></>;
  return (
    <Shown answer={entropy} what="samples of the memory">
      {({ bits, readBytes, evidence }) => (
        <>
          <Legend items={entropyShades} />
          <MemoryMap view={view} open shadeOf={({ start }) => entropyShade(bits[start] ?? null)} />
          <p class="muted small map-words">Bits a byte, the mean of up to sixteen samples of 4 KiB in each stretch: {bytesText(readBytes)} were read from <Evidence text={evidence} most={120} />. Small samples never reach 8.</p>
        </>
      )}
    </Shown>
  );
}

function Legend({ items }: { readonly items: readonly (readonly [name: string, title: string])[] }): VNode {
  return <ul class="map-legend" aria-label="Colours">{items.map(([name, title]) => <li key={name}><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><rect width="12" height="12" class={name} /></svg> {title}</li>)}</ul>;
}

/** Each bar says in its title which addresses it stands for. */
function toBytes(event: MouseEvent, capture: string, pid: string): void {
  if (!(event.target instanceof Element) || event.target.closest('a') !== null) return;
  const title = event.target.closest('g')?.querySelector('title')?.textContent ?? '';
  const start = /^([0-9a-f]+)-[0-9a-f]+ /.exec(title)?.[1];
  if (start !== undefined) navigate(href('/memory', { capture, pid, at: start }));
}
