import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { SessionAnswer } from '../contract/answers.ts';
import type { CaseRecord } from '../contract/case.ts';

/** What every page knows: the server's facts and the case. */
export interface Shared {
  readonly session: SessionAnswer;
  readonly record: (CaseRecord & { readonly path?: string }) | undefined;
  /** Takes the case as the server gave it after a change. */
  setRecord(record: CaseRecord): void;
}

export const SharedContext = createContext<Shared | undefined>(undefined);

export function useShared(): Shared {
  const shared = useContext(SharedContext);
  if (shared === undefined) throw new Error('a page is shown outside of the console');
  return shared;
}
