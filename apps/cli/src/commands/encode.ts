import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { imageFromJson, parseJson } from '@icecore/criu';
import { command, UsageError } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

/** `icecore encode`: the image that JSON of `decode` stands for. */
export const encode = command({
  name: 'encode',
  summary: 'Write the CRIU image that JSON (of decode, or of crit) stands for.',
  arguments: 'JSON',
  count: [1, 1],
  options: {
    output: { type: 'string', short: 'o', value: 'FILE', summary: 'where to write it, instead of standard output; must not exist' },
    json: { type: 'boolean', summary: 'the same; encode writes an image' },
  },
  examples: [['icecore encode core.json -o core-1.img', 'back to bytes; JSON may be - for standard input']],
  async run({ arguments: [path = ''], options, terminal }) {
    const content = path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
    let image: Uint8Array;
    try {
      image = imageFromJson(parseJson(content));
    } catch (error) {
      if (error instanceof TypeError || error instanceof SyntaxError || error instanceof RangeError) throw new UsageError(`${path}: ${error.message}`);
      throw error;
    }
    if (options.output === undefined) await terminal.bytes(image);
    else await writeFile(options.output, image, { flag: 'wx' });
    return exitCodes.done;
  },
});
