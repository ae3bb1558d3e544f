import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { type ByteSource, DamageError, isDamageError } from '@icecore/bytes';
import { imageToJson, isJsonObject, type JsonValue, stringifyJson } from '@icecore/criu';
import { fileSource } from '@icecore/local';
import { command } from '../command.ts';
import { openArchiveFile } from '../evidence.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { maskedJson } from '../masking.ts';
import type { Terminal } from '../terminal.ts';

/** `icecore decode`: any CRIU image as JSON. */
export const decode = command({
  name: 'decode',
  summary: 'Print CRIU images as JSON, secrets masked, or write them as they are to a file.',
  arguments: 'IMAGE | ARCHIVE IMAGE…',
  count: [1, 10_000],
  options: {
    compact: { type: 'boolean', summary: 'one line an image' },
    output: { type: 'string', short: 'o', value: 'FILE', summary: 'write the JSON, with nothing masked, to a file that does not exist yet; encode reads it' },
    json: { type: 'boolean', summary: 'the same; decode always prints JSON' },
  },
  examples: [
    ['icecore decode samples/podman-attack.tar.zst pstree.img', 'the process tree as the dump has it'],
    ['icecore decode core-1.img -o core.json', 'an image that was unpacked'],
  ],
  async run({ arguments: [path = '', ...names], options, terminal }) {
    let code: ExitCode = exitCodes.done;
    await using output = options.output === undefined ? undefined : await open(options.output, 'wx', 0o600);
    const print = async (source: ByteSource, name: string): Promise<void> => {
      const json = await imageToJson(source, name);
      const indent = options.compact === true ? 0 : 2;
      if (output === undefined) await printMasked(json, name, indent, terminal);
      else await output.write(`${stringifyJson(json, indent)}\n`);
      if (gapOf(json) !== undefined) {
        terminal.note(`not seen: ${name}: ${gapOf(json)}`);
        code = exitCodes.partial;
      }
    };
    if (names.length === 0) {
      const file = await fileSource(path);
      try {
        await print(file, basename(path));
      } finally {
        await file.close();
      }
      return code;
    }
    const { file, archive } = await openArchiveFile(path, terminal);
    try {
      for (const name of names) {
        const entry = archive.images().get(name) ?? archive.entries.get(name);
        if (entry === undefined) throw new DamageError('missing', `has no image ${name}`, { entry: path });
        await print(entry.source, basename(name));
      }
    } catch (error) {
      if (isDamageError(error)) throw new DamageError(error.code, error.reason, { entry: path, ...error.place }, { cause: error });
      throw error;
    } finally {
      await file.close();
    }
    return code;
  },
});

async function printMasked(json: JsonValue, name: string, indent: number, terminal: Terminal): Promise<void> {
  const whole = stringifyJson(json, indent);
  const text = stringifyJson(maskedJson(json, { bytes: true }), indent);
  await terminal.bytes(Buffer.from(`${text}\n`));
  if (text !== whole) terminal.note(`${name}: secrets are masked, so encode gives another image; --output FILE has it as it is`);
}

function gapOf(json: JsonValue): string | undefined {
  const gap = isJsonObject(json) ? json['$gap'] : undefined;
  return typeof gap === 'string' ? gap : undefined;
}
