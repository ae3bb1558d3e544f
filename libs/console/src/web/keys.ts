import { useEffect } from 'preact/hooks';
import { navigate } from './router.ts';

/** Where `g` and a letter lead. */
export const goTo: Readonly<Record<string, readonly [path: string, title: string]>> = {
  o: ['/', 'Overview'], c: ['/captures', 'Captures'], f: ['/findings', 'Findings'], t: ['/timeline', 'Timeline'], s: ['/stack', 'Stack'],
  h: ['/hunts', 'Hunts'], d: ['/compare', 'Compare'], q: ['/sql', 'SQL'], n: ['/case', 'Case'],
};

/** What the list of a page does with keys that are pressed anywhere on it. */
export type ListKeys = (key: string) => boolean;
let list: ListKeys | undefined;

/** Makes a list the one that `j`, `k` and Enter are for. */
export function useListKeys(keys: ListKeys): void {
  useEffect(() => {
    const before = list;
    list = keys;
    return () => {
      if (list === keys) list = before;
    };
  });
}

export interface GlobalKeys {
  search(): void;
  help(): void;
  theme(): void;
}

/** Keys that work wherever no text is being written. */
export function useGlobalKeys({ search, help, theme }: GlobalKeys): void {
  useEffect(() => {
    let going = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      const { key } = event;
      const place = performance.now() - going < 2000 ? goTo[key] : undefined;
      going = 0;
      if (place !== undefined) navigate(place[0]);
      else if (key === 'g') going = performance.now();
      else if (key === '/') search();
      else if (key === '?') help();
      else if (key === 'T') theme();
      else if (list?.(key) !== true) return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (document.querySelector('dialog[open]') !== null) return true;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}
