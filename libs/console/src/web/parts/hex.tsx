import type { VNode } from 'preact';
import type { MemoryAnswer, MemoryPart } from '../../contract/answers.ts';
import { bytesText } from '../text.tsx';
import { useNarrow } from './narrow.ts';

const meaning: Readonly<Record<MemoryPart['state'], string>> = {
  stored: 'in the archive', zero: 'zeros: never written to', in_file: 'as in the mapped file, and so not in the archive', unmapped: 'not mapped', unavailable: 'not available',
};

/** Bytes in hex and as text, a line for sixteen, or eight where the screen is narrow. Bytes of secrets are dots. */
export function Hex({ memory: { parts } }: { readonly memory: MemoryAnswer }): VNode {
  const width = useNarrow() ? 8 : 16;
  return (
    <div class="hex mono" role="region" aria-label="Bytes" tabIndex={0}>
      {parts.map((part) => (part.hex === null
        ? <p key={part.start} class="absent"><span class="address">{part.start.slice(4)}</span> {bytesText(Number(BigInt(`0x${part.end}`) - BigInt(`0x${part.start}`)))} {meaning[part.state]}</p>
        : <HexLines key={part.start} part={part} hex={part.hex} width={width} />))}
    </div>
  );
}

function HexLines({ part, hex, width }: { readonly part: MemoryPart; readonly hex: string; readonly width: number }): VNode {
  const start = BigInt(`0x${part.start}`);
  const bytes = hex.match(/../g) ?? [];
  const hidden = new Set(part.hidden.flatMap(([a, b]) => Array.from({ length: b - a }, (_, i) => a + i)));
  const lines = Array.from({ length: Math.ceil(bytes.length / width) }, (_, i) => i * width);
  return (
    <>
      {lines.map((from) => {
        const line = bytes.slice(from, from + width);
        return (
          <p key={from}>
            <span class="address">{(start + BigInt(from)).toString(16).padStart(12, '0')}</span>
            <span class="bytes">{runsOf(line.map((pair, i) => (hidden.has(from + i) ? '••' : pair))).map(({ kind, text }, i) => (kind === 'plain' ? text : <span key={i} class={kind}>{text}</span>))}{' '.repeat((width - line.length) * 3)}</span>
            <span class="letters">{line.map((pair, i) => (hidden.has(from + i) ? '•' : letter(pair))).join('')}</span>
          </p>
        );
      })}
    </>
  );
}

interface Run {
  readonly kind: 'secret' | 'zero' | 'plain';
  text: string;
}

/** Neighbours that look alike, in one piece: a page of many bytes is to stay light. */
function runsOf(pairs: readonly string[]): readonly Run[] {
  const runs: Run[] = [];
  for (const [i, pair] of pairs.entries()) {
    const kind = pair === '••' ? 'secret' : pair === '00' ? 'zero' : 'plain';
    const last = runs.at(-1);
    const text = `${pair}${i === 7 ? '  ' : ' '}`;
    if (last?.kind === kind) last.text += text;
    else runs.push({ kind, text });
  }
  return runs;
}

function letter(pair: string): string {
  const code = Number.parseInt(pair, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
}
