import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { CodeAnswer, CodeLine } from '../../contract/answers.ts';
import { useGet } from '../api.ts';
import { href, setQuery } from '../router.ts';
import { Evidence, shortHex } from '../text.tsx';
import type { At } from './at.ts';
import { Grid, hexWidth } from './grid.tsx';
import { heldRows } from './pages.ts';
import { Region } from './region.tsx';
import { Shown } from './states.tsx';

/** Bytes that are read as code at once. */
const length = 4096;

const meaning: Readonly<Record<CodeLine['state'], string>> = {
  stored: '', secret: 'of a secret', zero: 'zeros: never written to', in_file: 'as in the mapped file, and so not in the archive', unmapped: 'not mapped', unavailable: 'not available',
};

/** The bytes at an address as instructions of the machine that ran them. */
export function Code({ capture, pid, at }: At): VNode {
  const answer = useGet<CodeAnswer>('/code', { capture, pid, at, length });
  return <Shown answer={answer} what="the code">{(code) => <Lines code={code} capture={capture} pid={pid} />}</Shown>;
}

function Lines({ code: { lines, region, machine, evidence }, capture, pid }: { readonly code: CodeAnswer; readonly capture: string; readonly pid: string }): VNode {
  const rows = useMemo(() => heldRows(lines.map(({ at, hex, text, state }) => [at, hex, text, state])), [lines]);
  const last = lines.at(-1);
  const stored = lines.some(({ state }) => state === 'stored');
  return (
    <>
      <p><Region region={region} /> {region !== null && region.permissions[2] !== 'x' && <strong>This mapping cannot be run.</strong>} <span class="muted small">{machine}, from <Evidence text={evidence} most={120} />.</span></p>
      <div class="actions">
        <button type="button" disabled={!stored || last === undefined} onClick={() => last !== undefined && setQuery({ at: shortHex(last.at) }, { replace: false })}>After →</button>
        <span class="muted small">Read from this address on: where it is not the first byte of an instruction, the first lines are none that ever ran.</span>
      </div>
      <Grid
        label="Instructions" rows={rows} empty="Nothing is here."
        open={(row) => href('/memory', { capture, pid, at: shortHex(String(row[0])), view: 'hex' })}
        columns={[
          { name: 'at', title: 'Address', width: hexWidth, cell: (row) => <span class="mono">{shortHex(String(row[0]))}</span> },
          { name: 'hex', title: 'Bytes', width: '14rem', cell: (row) => <span class="mono small muted">{(String(row[1] ?? '').match(/../g) ?? []).join(' ')}</span> },
          { name: 'text', title: 'Instruction', width: 'minmax(16rem, 1fr)', cell: (row) => <Instruction row={row} /> },
        ]}
        compact={(row) => <><span class="line-one"><Instruction row={row} /></span><span class="line-two mono">{shortHex(String(row[0]))} · {(String(row[1] ?? '').match(/../g) ?? []).join(' ')}</span></>}
      />
    </>
  );
}

function Instruction({ row }: { readonly row: readonly unknown[] }): VNode {
  const text = String(row[2]);
  if (row[1] === null) return <span class="muted">{text} {Object.entries(meaning).find(([state]) => state === row[3])?.[1]}</span>;
  const [word = '', ...operands] = text.split(' ');
  return <span class="mono"><b class={/^(?:call|jmp|j[a-z]+|ret|syscall|int|int3|bl|blr|b|br|svc|cbn?z|tbn?z)$/.test(word) ? 'jumps' : word === '.byte' ? 'muted' : undefined}>{word}</b> {operands.join(' ')}</span>;
}
