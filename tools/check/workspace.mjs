/*
 * Rules of the workspace that no other tool checks: every project has exactly one known layer tag, the
 * package name its folder promises, one door, and is referenced from the root tsconfig.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { layers } from './layers.mjs';

const problems = [];
const references = new Set(JSON.parse(readFileSync('tsconfig.json', 'utf8')).references.map(({ path }) => path));
for (const file of globSync('{apps,libs,infra,tools}/*/package.json')) {
  const folder = dirname(file);
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const tags = (manifest.nx?.tags ?? []).filter((tag) => tag.startsWith('layer:'));
  if (tags.length !== 1) problems.push(`${file}: needs exactly one layer tag, has ${tags.length}`);
  else if (!(tags[0] in layers)) problems.push(`${file}: ${tags[0]} is not in tools/check/layers.mjs`);
  if (manifest.name !== `@icecore/${basename(folder)}`) problems.push(`${file}: name is ${manifest.name}`);
  if (folder.startsWith('libs/') && !existsSync(`${folder}/src/index.ts`)) problems.push(`${folder}: has no index.ts`);
  if (existsSync(`${folder}/tsconfig.json`) && !references.has(`./${folder}`)) {
    problems.push(`tsconfig.json: does not reference ./${folder}`);
  }
}
for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);
