/*
 * Compiles assembly/NAME.as.ts of a folder and writes the module, in base64, to NAME.wasm.ts beside that.
 * Usage: node kernel.mjs FOLDER NAME [--stdout]   with --stdout the file is printed and nothing is written.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const [folder, name, ...flags] = process.argv.slice(2);
const options = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd', '--enable', 'relaxed-simd'];

let binary;
const { error, stderr } = await asc.main([`${name}.as.ts`, ...options, '--outFile', `${name}.wasm`, '--baseDir', join(folder, 'assembly')], {
  writeFile: (_name, contents) => {
    binary = contents;
  },
});
if (error !== null || binary === undefined) {
  console.error(stderr.toString());
  throw error ?? new Error('the compiler wrote nothing');
}

const lines = Buffer.from(binary).toString('base64').match(/.{1,112}/g);
const text = `/** The module that tools/build/kernel.mjs makes of assembly/${name}.as.ts, in base64. Never edited by hand. */
export const ${name}Wasm =
  '${lines.join("' +\n  '")}';
`;
if (flags.includes('--stdout')) process.stdout.write(text);
else writeFileSync(join(folder, `${name}.wasm.ts`), text);
