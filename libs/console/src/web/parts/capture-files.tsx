import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { FileContentAnswer, TableAnswer } from '../../contract/answers.ts';
import { download, useGet } from '../api.ts';
import { href, setQuery } from '../router.ts';
import { bytesText, Evidence, textOf } from '../text.tsx';
import { Hex } from './hex.tsx';
import { Failure, Shown } from './states.tsx';
import { TableList } from './table-list.tsx';

/** Bytes of a file that are shown in hex; text is shown as far as it was read. */
const hexBytes = 4096;

/** Files that the archive holds, or that were deleted; one that has content opens to show it. */
export function CaptureFiles({ id, query }: { readonly id: string; readonly query: URLSearchParams }): VNode {
  const path = query.get('path');
  const source = query.get('source') ?? '';
  const origin = query.get('origin');
  return (
    <>
      {path !== null && <Content id={id} path={path} source={source} />}
      <Origins id={id} query={query} />
      <TableList
        table="files" capture={id} query={query} {...(origin === null ? {} : { filter: [`origin:${origin}`] })} columns={['path', 'change', 'origin', 'type', 'size', 'mode_text', 'uid', 'modified_at', 'sha256']} empty="The archive holds no file, and none was deleted."
        open={(row) => {
          const values = new URLSearchParams(query);
          if (row.get('change') === 'deleted' || row.get('type') === 'directory') return undefined;
          values.set('path', String(row.get('path') ?? ''));
          values.set('source', String(row.get('source') ?? ''));
          return `/captures/${encodeURIComponent(id)}?${values}`;
        }}
      />
    </>
  );
}

const origins: Readonly<Record<string, string>> = {
  rootfs: 'root file system', tmpfs: 'tmpfs', shm: 'shared memory files', volume: 'volumes', deleted: 'deleted, still open', memfd: 'in memory alone', shared_memory: 'shared memory', sysv: 'System V segments',
};

/** Where the files of the archive lay, with how many, each a way to see those alone. */
function Origins({ id, query }: { readonly id: string; readonly query: URLSearchParams }): VNode | null {
  const answer = useGet<TableAnswer>('/stack', { source: 'files', column: 'origin', capture: id });
  const shown = query.get('origin');
  const at = (origin: string | null): string => href(`/captures/${encodeURIComponent(id)}`, { tab: 'files', origin, text: query.get('text') });
  const found = (answer.value?.rows ?? []).map((row) => [textOf(row[0]), Number(row[1])] as const).sort(([, a], [, b]) => b - a);
  if (found.length < 2) return null;
  return (
    <nav class="links small" aria-label="Where files lay">
      <a href={at(null)} aria-current={shown === null ? 'true' : undefined}>everywhere<span class="count">{found.reduce((sum, [, files]) => sum + files, 0).toLocaleString('en')}</span></a>
      {found.map(([origin, files]) => <a key={origin} href={at(origin)} aria-current={origin === shown ? 'true' : undefined}>{origins[origin] ?? origin}<span class="count">{files.toLocaleString('en')}</span></a>)}
    </nav>
  );
}

function Content({ id, path, source }: { readonly id: string; readonly path: string; readonly source: string }): VNode {
  const answer = useGet<FileContentAnswer>('/file', { capture: id, path, source });
  const [asHex, setAsHex] = useState(false);
  return (
    <section class="sheet content" aria-label="Content">
      <header class="page-head"><h2 class="title"><Evidence text={path} most={300} /></h2><button type="button" class="quiet" onClick={() => setQuery({ path: null, source: null })}>Close</button></header>
      <Shown answer={answer} what="the file">
        {(file) => {
          const asText = file.text !== null && !asHex;
          const shown = asText ? file.hex.length / 2 : Math.min(file.hex.length / 2, hexBytes);
          return (
          <>
            <div class="actions">
              <span class="muted small">{bytesText(file.size)}{shown < file.size && `, the first ${bytesText(shown)} shown`}, from <Evidence text={file.evidence} most={120} /></span>
              {file.text !== null && <button type="button" aria-pressed={asHex} onClick={() => setAsHex(!asHex)}>Hex</button>}
              <Take id={id} path={path} source={source} size={file.size} />
            </div>
            {asText && file.text !== null
              ? <pre class="text" tabIndex={0}><Evidence text={file.text} most={65_536} lines /></pre>
              : <Hex memory={{ pid: 0, start: '0'.repeat(16), length: shown, region: null, evidence: file.evidence, parts: [{ start: '0'.repeat(16), end: shown.toString(16).padStart(16, '0'), state: 'stored', hex: file.hex.slice(0, 2 * shown), hidden: file.hidden, image: null, offset: null }] }} />}
          </>
          );
        }}
      </Shown>
    </section>
  );
}

function Take({ id, path, source, size }: { readonly id: string; readonly path: string; readonly source: string; readonly size: number }): VNode {
  const [reason, setReason] = useState('');
  const [said, setSaid] = useState<string | Error>('');
  return (
    <details class="act inline">
      <summary>Take out…</summary>
      <form onSubmit={(event) => {
        event.preventDefault();
        download('/file/carve', { capture: id, path, source, reason }, path.split('/').at(-1) ?? 'file').then((sha256) => setSaid(`SHA-256 ${sha256 ?? ''}`), (error: unknown) => setSaid(error instanceof Error ? error : new Error(String(error))));
      }}>
        <p>The file leaves as it is. It may be malware: open it where it can do no harm. Who took it and why is recorded first.</p>
        <label class="field"><span>Why</span><input required maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>
        <button type="submit">Take out {bytesText(size)}</button>
        {said instanceof Error ? <Failure error={said} /> : said !== '' && <p class="mono small wraps" role="status">{said}</p>}
      </form>
    </details>
  );
}
