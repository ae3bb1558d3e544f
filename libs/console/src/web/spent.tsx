import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SpentInfo } from '../contract/answers.ts';
import { bytesText, count } from './text.tsx';

const listeners = new Set<(spent: SpentInfo) => void>();
let last: SpentInfo | undefined;

/** Takes from an answer what was spent until then; answers of a lake on this machine do not say. */
export function noteSpent(response: Response): void {
  const told = response.headers.get('X-Icecore-Spent');
  if (told === null) return;
  const spent: SpentInfo = JSON.parse(told);
  last = spent;
  for (const listener of listeners) listener(spent);
}

/** What the questions to a lake in the cloud have cost since the console was started. */
export function Spent(): VNode | null {
  const [spent, setSpent] = useState(last);
  useEffect(() => {
    listeners.add(setSpent);
    return () => void listeners.delete(setSpent);
  }, []);
  if (spent === undefined) return null;
  return <span class="spent small" title={`Athena scanned ${bytesText(spent.bytes)} for ${count(spent.questions, 'question')} since the console was started`}>{bytesText(spent.bytes)} · <b>{dollars(spent.dollars)}</b></span>;
}

/** A price as people read it; small ones keep what tells them from nothing. */
export function dollars(amount: number): string {
  return `${amount === 0 ? '0' : amount >= 1 ? amount.toFixed(2) : amount.toPrecision(2)} USD`;
}
