import { useEffect, useState } from 'preact/hooks';

/** Where the console is: a path and the state of the page, all of it in the address, so that it can be passed on. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
  /** What is too long for a request's first line, such as a statement: it stays behind the `#`. */
  readonly hash: URLSearchParams;
}

type Values = Readonly<Record<string, string | number | null | undefined>>;

function here(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search), hash: new URLSearchParams(location.hash.slice(1)) };
}

const listeners = new Set<() => void>();
addEventListener('popstate', () => listeners.forEach((listener) => listener()));
addEventListener('hashchange', () => listeners.forEach((listener) => listener()));

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const listener = (): void => setPlace(here());
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return place;
}

/** Goes to an address of the console. */
export function navigate(url: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  listeners.forEach((listener) => listener());
  if (!replace) scrollTo(0, 0);
}

/** An address with its query; what is empty is left out. */
export function href(path: string, values: Values = {}): string {
  const query = queryOf(new URLSearchParams(), values);
  return query === '' ? path : `${path}?${query}`;
}

/** Changes a part of the page's state and keeps the rest. */
export function setQuery(values: Values, { replace = true } = {}): void {
  const query = queryOf(new URLSearchParams(location.search), values);
  navigate(`${location.pathname}${query === '' ? '' : `?${query}`}${location.hash}`, { replace });
}

export function setHash(values: Values): void {
  const hash = queryOf(new URLSearchParams(location.hash.slice(1)), values);
  navigate(`${location.pathname}${location.search}${hash === '' ? '' : `#${hash}`}`, { replace: true });
}

function queryOf(query: URLSearchParams, values: Values): string {
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === '') query.delete(name);
    else query.set(name, String(value));
  }
  return query.toString();
}

/** Follows links within the console without loading it anew; lets the browser have all others. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin || link.pathname.startsWith('/api/')) return;
  if (link.getAttribute('href')?.startsWith('#') === true) return;
  event.preventDefault();
  navigate(link.pathname + link.search + link.hash);
}
