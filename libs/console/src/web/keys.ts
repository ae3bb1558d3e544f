import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { navigate } from './router.ts';

/** Where `g` and a letter lead. */
export const goTo: Readonly<Record<string, readonly [path: string, title: string]>> = {
  o: ['/', 'Overview'], c: ['/captures', 'Captures'], f: ['/findings', 'Findings'], t: ['/timeline', 'Timeline'], s: ['/stack', 'Stack'],
  h: ['/hunts', 'Hunts'], y: ['/rules', 'YARA'], d: ['/compare', 'Compare'], q: ['/sql', 'SQL'], n: ['/case', 'Case'],
};

/** What the list of a page does with keys that are pressed anywhere on it. */
export type ListKeys = (key: string) => boolean;
let list: ListKeys | undefined;

/**
 * Makes a list the one that `j`, `k` and Enter are for. A key may come before the page was drawn anew after the one before:
 * `keys` must then know what that one did.
 */
export function useListKeys(keys: ListKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useLayoutEffect(() => {
    const before = list;
    const own: ListKeys = (key) => latest.current(key);
    list = own;
    return () => {
      if (list === own) list = before;
    };
  }, []);
}

export interface GlobalKeys {
  search(): void;
  help(): void;
  theme(): void;
}

/** Keys that work wherever no text is being written. */
export function useGlobalKeys(keys: GlobalKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    // One listener for good: a page that is drawn anew between two keys does not forget the first.
    let going = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      const { key } = event;
      const place = performance.now() - going < 2000 ? goTo[key] : undefined;
      going = 0;
      if (place !== undefined) navigate(place[0]);
      else if (key === 'g') going = performance.now();
      else if (key === '/') latest.current.search();
      else if (key === '?') latest.current.help();
      else if (key === 'T') latest.current.theme();
      else if (list?.(key) !== true) return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (document.querySelector('dialog[open]') !== null) return true;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}
