import type { VNode } from 'preact';
import type { MemoryRegion } from '../../contract/answers.ts';
import { bytesText, Evidence } from '../text.tsx';

/** The mapping that an address is in. */
export function Region({ region }: { readonly region: MemoryRegion | null }): VNode {
  if (region === null) return <>No mapping is here.</>;
  const { permissions, name, start, end } = region;
  return <>In <span class="mono">{permissions}</span> <Evidence text={name === '' ? 'anonymous memory' : name} most={200} />, <span class="mono">0x{start.replace(/^0+/, '')}–0x{end.replace(/^0+/, '')}</span>, {bytesText(Number(BigInt(`0x${end}`) - BigInt(`0x${start}`)))}.</>;
}
