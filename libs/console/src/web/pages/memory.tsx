import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { MemoryAnswer, MemoryHitsAnswer, StringsAnswer } from '../../contract/answers.ts';
import { download, useGet } from '../api.ts';
import { Code } from '../parts/code.tsx';
import { Grid } from '../parts/grid.tsx';
import { Hex } from '../parts/hex.tsx';
import type { At } from '../parts/at.ts';
import { heldRows } from '../parts/pages.ts';
import { Region } from '../parts/region.tsx';
import { Empty, Failure, Shown } from '../parts/states.tsx';
import { href, setQuery } from '../router.ts';
import { bytesText, count, Evidence, shortHex } from '../text.tsx';
import { Choice, TextFilter } from '../parts/filters.tsx';

const views = [['hex', 'Hex'], ['code', 'Code'], ['strings', 'Strings'], ['search', 'Search']] as const;

/** Bytes at an address of a process, and the strings around it, read from the evidence. */
export function MemoryPage({ query }: { readonly query: URLSearchParams }): VNode {
  const [capture, pid, at] = [query.get('capture'), query.get('pid'), query.get('at')];
  if (capture === null || pid === null) return <Empty><h1>Memory</h1><p>Bytes belong to a process of a capture. <a href="/captures">Choose a capture</a>, then a process, then a mapping of its memory.</p></Empty>;
  const view = query.get('view') ?? (at === null ? 'search' : 'hex');
  const here = (values: Readonly<Record<string, string | null>>): string => href('/memory', { capture, pid, at, view, ...values });
  return (
    <>
      <header class="page-head">
        <div><p class="crumbs"><a href={`/captures/${encodeURIComponent(capture)}`}>capture {capture.slice(0, 12)}</a> / <a href={href(`/captures/${encodeURIComponent(capture)}`, { tab: 'memory', pid })}>process {pid}</a></p><h1>Memory {at !== null && <span class="mono">0x{shortHex(at)}</span>}</h1></div>
        <form class="filter go" onSubmit={(event) => {
          event.preventDefault();
          const next = String(new FormData(event.currentTarget).get('at') ?? '').trim();
          if (/^(?:0x)?[0-9a-f]{1,16}$/i.test(next)) setQuery({ at: next, view: 'hex' }, { replace: false });
        }}><label><span>Address</span><input name="at" class="mono" defaultValue={at ?? ''} key={at} pattern="(0x)?[0-9a-fA-F]{1,16}" spellcheck={false} autocomplete="off" /></label><button type="submit">Go</button></form>
        <nav class="tabs inline" aria-label="Views of memory">{views.map(([each, title]) => <a key={each} href={here({ view: each, text: null })} aria-current={each === view ? 'true' : undefined}>{title}</a>)}</nav>
      </header>
      {view === 'search' ? <Search capture={capture} pid={pid} query={query} /> : at === null ? <Empty>Give an address to look at.</Empty> : view === 'strings' ? <Strings capture={capture} pid={pid} at={at} query={query} /> : view === 'code' ? <Code capture={capture} pid={pid} at={at} query={query} /> : <Bytes capture={capture} pid={pid} at={at} query={query} />}
    </>
  );
}

function Bytes({ capture, pid, at, query }: At): VNode {
  const length = Math.min(65_536, Math.max(16, Number(query.get('length') ?? 1024) || 1024));
  const answer = useGet<MemoryAnswer>('/memory', { capture, pid, at, length });
  return (
    <Shown answer={answer} what="the bytes">
      {(memory) => {
        const start = BigInt(`0x${memory.start}`);
        const move = (bytes: bigint): void => setQuery({ at: (start + bytes < 0n ? 0n : start + bytes).toString(16) }, { replace: false });
        return (
          <>
            <p><Region region={memory.region} /> <span class="muted small">From <Evidence text={memory.evidence} most={120} />.</span></p>
            <div class="actions">
              <button type="button" onClick={() => move(BigInt(-length))}>← Before</button>
              <button type="button" onClick={() => move(BigInt(length))}>After →</button>
              <Choice label="Bytes" name="length" value={String(length)} any={null} options={[...new Set([256, 1024, 4096, 16_384, length])].sort((a, b) => a - b).map(String)} />
              <span class="gap" />
              <CopyRule memory={memory} />
              <Carve memory={memory} capture={capture} />
            </div>
            <Hex memory={memory} />
          </>
        );
      }}
    </Shown>
  );
}

/** The bytes that are shown, as a YARA rule that finds them elsewhere; bytes of secrets match anything. */
function CopyRule({ memory }: { readonly memory: MemoryAnswer }): VNode {
  const [copied, setCopied] = useState('');
  const stored = memory.parts.find(({ hex }) => hex !== null);
  const copy = (): void => {
    const pairs = (stored?.hex?.match(/../g) ?? []).slice(0, 64).map((pair, i) => (stored?.hidden.some(([a, b]) => i >= a && i < b) === true ? '??' : pair.toUpperCase()));
    void navigator.clipboard.writeText(`rule bytes_at_${shortHex(memory.start)}\n{\n  strings:\n    $bytes = { ${pairs.join(' ')} }\n  condition:\n    $bytes\n}\n`).then(() => setCopied('Copied'), () => setCopied('The browser does not allow it'));
  };
  return <><button type="button" disabled={stored === undefined} onClick={copy} title="The first 64 bytes as a YARA rule">Copy as YARA</button><span role="status" class="muted small">{copied}</span></>;
}

/** Takes a region out, byte for byte. Who did, and why, is written down first. */
function Carve({ memory, capture }: { readonly memory: MemoryAnswer; readonly capture: string }): VNode {
  const [reason, setReason] = useState('');
  const [whole, setWhole] = useState(false);
  const [said, setSaid] = useState<string | Error>('');
  const region = memory.region;
  const range = whole && region !== null ? { at: region.start, length: Number(BigInt(`0x${region.end}`) - BigInt(`0x${region.start}`)) } : { at: memory.start, length: memory.length };
  return (
    <details class="act inline">
      <summary>Take out…</summary>
      <form onSubmit={(event) => {
        event.preventDefault();
        download('/memory/carve', { capture, pid: memory.pid, ...range, reason }, `${capture.slice(0, 12)}-${memory.pid}-${range.at}.bin`).then((sha256) => setSaid(`SHA-256 ${sha256 ?? ''}`), (error: unknown) => setSaid(error instanceof Error ? error : new Error(String(error))));
      }}>
        <p>The bytes leave as they are, secrets too. Who took them and why is recorded first.</p>
        {region !== null && <label class="check"><input type="checkbox" checked={whole} onChange={(event) => setWhole(event.currentTarget.checked)} /> all of the mapping</label>}
        <label class="field"><span>Why</span><input required maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>
        <button type="submit">Take out {bytesText(range.length)}</button>
        {said instanceof Error ? <Failure error={said} /> : said !== '' && <p class="mono small" role="status">{said}</p>}
      </form>
    </details>
  );
}

function Strings({ capture, pid, at, query }: At): VNode {
  const least = query.get('least') ?? '6';
  const text = query.get('text');
  const answer = useGet<StringsAnswer>('/strings', { capture, pid, at, least, text });
  return (
    <>
      <div class="actions"><Choice label="Least length" name="least" value={least} any={null} options={['6', '8', '12', '20']} /><TextFilter label="That hold" value={text ?? ''} /></div>
      <Shown answer={answer} what="the strings of the mapping">
        {({ strings, cut }) => (
          <>
            <p class="muted small">{count(strings.length, 'string')} of the mapping{cut && ', and more that are not shown'}.</p>
            <Grid
              label="Strings" rows={heldRows(strings.map((each) => [each.address, each.encoding, each.text]))} empty="The archive holds no such string of this mapping. Pages that are as in their file are not in it."
              open={(row) => href('/memory', { capture, pid, at: String(row[0]), view: 'hex' })}
              columns={[
                { name: 'address', title: 'Address', width: '9.5rem', cell: (row) => <a class="mono" tabIndex={-1} href={href('/memory', { capture, pid, at: String(row[0]), view: 'hex' })}>{shortHex(String(row[0]))}</a> },
                { name: 'encoding', title: 'Encoding', width: '5.5rem', cell: (row) => String(row[1]) },
                { name: 'text', title: 'Text', width: 'minmax(16rem, 1fr)', cell: (row) => <span class="mono"><Evidence text={String(row[2])} most={400} /></span> },
              ]}
              compact={(row) => <><span class="line-one mono"><Evidence text={String(row[2])} most={160} /></span><span class="line-two">{shortHex(String(row[0]))} · {String(row[1])}</span></>}
            />
          </>
        )}
      </Shown>
    </>
  );
}

function Search({ capture, pid, query }: Omit<At, 'at'>): VNode {
  const pattern = query.get('pattern');
  const kind = query.get('kind') ?? 'text';
  const all = query.get('all') === 'yes';
  const answer = useGet<MemoryHitsAnswer>(pattern === null || pattern.length < 2 ? undefined : '/memory/search', { capture, pid: all ? null : pid, pattern, kind });
  return (
    <>
      <form class="parameters" onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget);
        setQuery({ pattern: String(given.get('pattern') ?? ''), kind: String(given.get('kind') ?? 'text'), all: given.get('all') === 'yes' ? 'yes' : null, view: 'search' }, { replace: false });
      }}>
        <label class="field"><span>Look for</span><input name="pattern" required minLength={2} maxLength={500} defaultValue={pattern ?? ''} spellcheck={false} autocomplete="off" /></label>
        <label class="field"><span>As</span><select name="kind">{[['text', 'text, UTF-8 and UTF-16'], ['hex', 'bytes in hex']].map(([value, title]) => <option key={value} value={value} selected={value === kind}>{title}</option>)}</select></label>
        <label class="check"><input type="checkbox" name="all" value="yes" defaultChecked={all} /> in all processes</label>
        <button type="submit">Search</button>
      </form>
      {pattern === null ? <Empty>The captured memory is searched as it lies in the archive. A <a href={href('/rules', { capture })}>YARA rule</a> is searched for too; regular expressions are for <code>icecore search --regex</code>.</Empty> : (
        <Shown answer={answer} what="the memory">
          {({ hits, cut, evidence }) => (
            <>
              <p class="muted small">{count(hits.length, 'place')}{cut && ', and more that are not shown'}, in <Evidence text={evidence} most={120} />.</p>
              <Grid
                label="Places in memory" rows={heldRows(hits.map((hit) => [hit.pid, hit.comm, hit.address, hit.encoding, hit.region, hit.context]))} empty="The captured memory does not hold it."
                open={(row) => href('/memory', { capture, pid: row[0] === null ? pid : Number(row[0]), at: String(row[2]), view: 'hex' })}
                columns={[
                  { name: 'pid', title: 'Process', width: 'minmax(6rem, 9rem)', cell: (row) => <>{String(row[0] ?? '')} <Evidence text={String(row[1] ?? '')} most={20} /></> },
                  { name: 'address', title: 'Address', width: '9.5rem', cell: (row) => <span class="mono">{shortHex(String(row[2]))}</span> },
                  { name: 'region', title: 'Mapping', width: 'minmax(8rem, 1fr)', cell: (row) => <Evidence text={String(row[4])} most={100} /> },
                  { name: 'context', title: 'Around it', width: 'minmax(16rem, 2fr)', cell: (row) => <span class="mono small"><Evidence text={String(row[5])} most={200} /></span> },
                ]}
                compact={(row) => <><span class="line-one mono"><Evidence text={String(row[5])} most={120} /></span><span class="line-two">{String(row[0])} · {shortHex(String(row[2]))} · <Evidence text={String(row[4])} most={60} /></span></>}
              />
            </>
          )}
        </Shown>
      )}
    </>
  );
}
