import { useEffect, useRef, useState } from 'preact/hooks';
import type { Refusal } from '../contract/answers.ts';
import { noteSpent } from './spent.tsx';

/** Why the server did not answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type Ask = Readonly<Record<string, string | number | readonly string[] | null | undefined>>;

export function apiUrl(path: string, ask: Ask = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(ask)) {
    if (value === null || value === undefined || value === '') continue;
    if (typeof value === 'object') for (const each of value) query.append(name, each);
    else query.set(name, String(value));
  }
  return `/api${path}${query.size === 0 ? '' : `?${query}`}`;
}

/** The answers are those of the server's own types; both are built from one source. */
export async function get<T>(path: string, ask: Ask = {}, signal?: AbortSignal): Promise<T> {
  return answerOf(await request(apiUrl(path, ask), { ...(signal === undefined ? {} : { signal }) }));
}

export async function send<T>(method: 'POST' | 'DELETE', path: string, body: unknown = {}, signal?: AbortSignal): Promise<T> {
  return answerOf(await sendRaw(method, path, body, signal));
}

/** Asks by POST for an answer that comes line by line, each a value in JSON. */
export async function sendForLines<T>(path: string, body: unknown, onLine: (line: T) => void, signal: AbortSignal): Promise<void> {
  const response = await sendRaw('POST', path, body, signal);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read()) {
    const lines = (rest + read.value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(JSON.parse(line));
  }
}

/** Fetches a file that must be asked for by POST, and gives it to the user to save. */
export async function download(path: string, body: unknown, name: string): Promise<string | null> {
  const response = await sendRaw('POST', path, body);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return response.headers.get('X-Content-Sha256');
}

async function sendRaw(method: 'POST' | 'DELETE', path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  return request(`/api${path}`, { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' }, ...(signal === undefined ? {} : { signal }) });
}

async function answerOf<T>(response: Response): Promise<T> {
  return response.json();
}

async function request(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('offline', 'icecore serve does not answer: it may have ended. Start it again, and open its new link.');
  }
  noteSpent(response);
  if (response.ok) return response;
  const refusal: Partial<Refusal> = await response.json().catch(() => ({}));
  throw new ApiError(refusal.code ?? String(response.status), refusal.message ?? `The server answered ${response.status}.`);
}

/** An answer on its way. While another is fetched, the one before stays to be shown. */
export type Answer<T> =
  | { readonly state: 'loading'; readonly value: T | undefined }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly value: T | undefined; readonly error: Error };

/** Asks whenever `key` changes, and withdraws the question before. With an undefined key nothing is asked. */
export function useAnswer<T>(key: string | undefined, ask: (signal: AbortSignal) => Promise<T>): Answer<T> & { readonly again: () => void } {
  const [answer, setAnswer] = useState<Answer<T>>({ state: 'loading', value: undefined });
  const [round, setRound] = useState(0);
  const shown = useRef<{ readonly key: string; readonly value: T } | undefined>(undefined);
  useEffect(() => {
    if (key === undefined) return undefined;
    const asking = new AbortController();
    const before = shown.current?.key === key ? shown.current.value : undefined;
    setAnswer({ state: 'loading', value: before });
    ask(asking.signal).then(
      (value) => {
        if (asking.signal.aborted) return;
        shown.current = { key, value };
        setAnswer({ state: 'ready', value });
      },
      (error: unknown) => {
        if (!asking.signal.aborted) setAnswer({ state: 'failed', value: before, error: error instanceof Error ? error : new Error(String(error)) });
      },
    );
    return () => asking.abort();
  }, [key, round]);
  return { ...answer, again: () => setRound((count) => count + 1) };
}

/** As `useAnswer`, for a GET. */
export function useGet<T>(path: string | undefined, ask: Ask = {}): Answer<T> & { readonly again: () => void } {
  return useAnswer<T>(path === undefined ? undefined : apiUrl(path, ask), (signal) => get<T>(path ?? '', ask, signal));
}
