import { once } from 'node:events';
import { styleText } from 'node:util';
import { type JsonValue, stringifyJson } from '@icecore/criu';

type Style = Parameters<typeof styleText>[0];

/** Where a command writes: results to standard output, everything about the work to standard error. */
export interface Terminal {
  /** Columns of the screen; very many where the output is not a screen. */
  readonly width: number;
  /** Writes a line, and waits where the reader is slow. */
  line(text?: string): Promise<void>;
  bytes(chunk: Uint8Array): Promise<void>;
  json(value: JsonValue): Promise<void>;
  note(text: string): void;
  /** A line on a screen that the next one replaces; nothing elsewhere. */
  progress(text: string | undefined): void;
  style(style: Style, text: string): string;
}

export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const colour = stdout.isTTY === true && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb';
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  const width = stdout.isTTY === true ? stdout.columns : Number(env['COLUMNS'] ?? Number.NaN) || 160;
  let shown = false;
  const write = async (chunk: string | Uint8Array): Promise<void> => {
    if (!stdout.write(chunk)) await once(stdout, 'drain');
  };
  const progress = (text: string | undefined): void => {
    if (stderr.isTTY !== true) return;
    if (shown) stderr.write('\r\u001b[K');
    shown = text !== undefined;
    if (text !== undefined) stderr.write(text.slice(0, stderr.columns - 1));
  };
  return {
    width,
    line: (text = '') => write(`${text}\n`),
    bytes: write,
    json: (value) => write(`${stringifyJson(value)}\n`),
    note(text) {
      progress(undefined);
      stderr.write(`${text}\n`);
    },
    progress,
    style: (style, text) => (colour || forced ? styleText(style, text, { validateStream: false }) : text),
  };
}
