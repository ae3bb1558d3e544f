import type { VNode } from 'preact';
import type { EvidenceText } from '../model/text.ts';
import { formatCount } from './format.ts';
import { visiblePieces, visibleString } from './visible-text.ts';

/** Text of the evidence: nothing in it is markup, nothing in it moves what stands around it, nothing in it is unseen. */
export function Evidence({ text, code = false }: { readonly text: EvidenceText; readonly code?: boolean }): VNode {
  const shown = typeof text === 'string' ? text : text.start;
  const pieces = visiblePieces(shown).map(({ kind, text: piece }) => (kind === 'plain' ? piece : <span class="mark">{piece}</span>));
  return (
    <>
      <bdi class={code ? 'evidence code' : 'evidence'}>{shown === '' ? <span class="mark">⟨empty⟩</span> : pieces}</bdi>
      {typeof text === 'string' ? null : <span class="cut"> … {formatCount(text.length)} characters in all</span>}
    </>
  );
}

/** The same as a string, for attributes and pictures. */
export function evidenceString(text: EvidenceText, most = 200): string {
  const shown = typeof text === 'string' ? text : text.start;
  return shown.length > most || typeof text !== 'string' ? `${visibleString(shown.slice(0, most))}…` : visibleString(shown);
}
