/*
 * Compiles assembly/text.as.ts and writes the module, in base64, to text.wasm.ts.
 * Usage: node build.mjs [--stdout]   with --stdout the file is printed and nothing is written.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'assembly');
const options = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];

let binary;
const { error, stderr } = await asc.main(['text.as.ts', ...options, '--outFile', 'text.wasm', '--baseDir', folder], {
  writeFile: (_name, contents) => {
    binary = contents;
  },
});
if (error !== null || binary === undefined) {
  console.error(stderr.toString());
  throw error ?? new Error('the compiler wrote nothing');
}

const lines = Buffer.from(binary).toString('base64').match(/.{1,112}/g);
const text = `/** The module that build.mjs makes of assembly/text.as.ts, in base64. Never edited by hand. */
export const textWasm =
  '${lines.join("' +\n  '")}';
`;
if (process.argv.includes('--stdout')) process.stdout.write(text);
else writeFileSync(new URL('text.wasm.ts', import.meta.url), text);
