import type { VNode } from 'preact';
import type { BytesView } from '../model/bytes-view.ts';

const rowBytes = 16;

/** Bytes in hex and as letters, as hexdump(1) shows them; those of a secret are hidden. */
export function HexDump({ bytes: { address, bytes }, label }: { readonly bytes: BytesView; readonly label: string }): VNode {
  const start = BigInt(`0x${address}`);
  const rows = Array.from({ length: Math.ceil(bytes.length / rowBytes) }, (_, i) => bytes.slice(i * rowBytes, (i + 1) * rowBytes));
  const text = rows.map((row, i) => `${(start + BigInt(i * rowBytes)).toString(16).padStart(12, '0')}  ${digitsOf(row).padEnd(48)}  ${row.map(letterOf).join('')}`).join('\n');
  return (
    <pre class="hex" role="group" aria-label={label} tabindex={0}>
      {text}
    </pre>
  );
}

function digitsOf(row: readonly string[]): string {
  return row.map((digits, i) => (i === rowBytes / 2 ? ` ${digits}` : digits)).join(' ');
}

function letterOf(digits: string): string {
  const code = Number.parseInt(digits, 16);
  if (Number.isNaN(code)) return '•';
  return code >= 0x20 && code <= 0x7e ? String.fromCharCode(code) : '.';
}
