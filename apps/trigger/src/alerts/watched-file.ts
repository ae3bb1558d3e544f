import { readFile } from 'node:fs/promises';

/** A value that is read from files and read again when they change. */
export interface Watched<T> {
  readonly value: T;
  /** Why the files as they are now cannot be followed; the value is the last that could. */
  readonly fault: string | undefined;
  check(): Promise<void>;
}

/**
 * Reads now, and again at each `check`. A ConfigMap is changed by swapping links, which watches of files do not see, so its
 * text is compared. Rejects where the first reading cannot be followed.
 */
export async function watched<T>(read: () => Promise<string>, parse: (text: string) => T, onChange: (fault: string | undefined) => void): Promise<Watched<T>> {
  let text = await read();
  let value = parse(text);
  let fault: string | undefined;
  return {
    get value() {
      return value;
    },
    get fault() {
      return fault;
    },
    async check() {
      const before = fault;
      try {
        const now = await read();
        if (now === text) {
          // A change that was taken back mends it.
          if (fault === undefined) return;
        } else {
          value = parse(now);
          text = now;
        }
        fault = undefined;
        onChange(undefined);
      } catch (error) {
        fault = error instanceof Error ? error.message : String(error);
        if (fault !== before) onChange(fault);
      }
    },
  };
}

export function readText(path: string): () => Promise<string> {
  return () => readFile(path, 'utf8');
}
