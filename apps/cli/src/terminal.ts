import { fstatSync, writeSync } from 'node:fs';
import { styleText } from 'node:util';
import { type JsonValue, stringifyJson } from '@icecore/criu';
import { exitCodes } from './exit-codes.ts';
import { masked, maskedJson } from './masking.ts';

type Style = Parameters<typeof styleText>[0];

/**
 * Where a command writes: results to standard output, everything about the work to standard error. Text goes out with a
 * mark in place of each secret; `bytes` go as they are.
 */
export interface Terminal {
  /** Columns of the screen; very many where the output is not a screen. */
  readonly width: number;
  /** Writes a line, and waits where the reader is slow. */
  line(text?: string): Promise<void>;
  bytes(chunk: Uint8Array): Promise<void>;
  json(value: JsonValue): Promise<void>;
  note(text: string): void;
  /** A line on a screen that the next one replaces; nothing elsewhere. Of several forms, the longest first, it is the first that fits. */
  progress(...forms: readonly (string | undefined)[]): void;
  style(style: Style, text: string): string;
}

export function processTerminal(): Terminal {
  const { env } = process;
  const onScreen = isScreen(1);
  const colour = onScreen && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb';
  const forced = !['', '0', undefined].includes(env['FORCE_COLOR']);
  // A terminal that does not tell its width counts as 80 columns wide.
  const width = onScreen ? process.stdout.columns || 80 : Number(env['COLUMNS'] ?? Number.NaN) || 160;
  const progressOnScreen = isScreen(2);
  let shown = false;
  const write = async (chunk: string | Uint8Array): Promise<void> => writeFully(1, typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  const progress = (...forms: readonly (string | undefined)[]): void => {
    if (!progressOnScreen) return;
    if (shown) writeFully(2, Buffer.from('\r\u001b[K'));
    const room = (process.stderr.columns || 80) - 1;
    const text = forms.find((form) => form === undefined || form.length <= room) ?? forms.at(-1)?.slice(0, room);
    shown = text !== undefined;
    if (text !== undefined) writeFully(2, Buffer.from(text));
  };
  return {
    width,
    line: (text = '') => write(`${masked(text)}\n`),
    bytes: write,
    json: (value) => write(`${stringifyJson(maskedJson(value))}\n`),
    note(text) {
      progress(undefined);
      writeFully(2, Buffer.from(`${masked(text)}\n`));
    },
    progress,
    style: (style, text) => (colour || forced ? styleText(style, text, { validateStream: false }) : text),
  };
}

/**
 * True for a terminal. Asked of the device number, for Node's own way loads its network code, which takes longer than
 * most answers (Linux, `Documentation/admin-guide/devices.txt`: consoles and pseudo terminals).
 */
function isScreen(descriptor: 1 | 2): boolean {
  try {
    const about = fstatSync(descriptor);
    const major = about.rdev >>> 8;
    if (!about.isCharacterDevice()) return false;
    return process.platform !== 'linux' || major === 4 || major === 5 || (major >= 136 && major <= 143);
  } catch {
    return false;
  }
}

/** Writes all of it, however slowly the reader takes it. A reader that has gone away ends the program. */
function writeFully(descriptor: 1 | 2, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') process.exit(exitCodes.done);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
