// Writes src/hunt-files.ts from the files of hunts/, and docs/hunts.md from their headers.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../../hunts/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.sql')).sort();
const entries = names.map((name) => `  ${JSON.stringify(name.slice(0, -4))}: ${JSON.stringify(readFileSync(new URL(name, folder), 'utf8'))},`);
writeFileSync(
  new URL('src/hunt-files.ts', import.meta.url),
  `// Written by generate.mjs from the files of hunts/.\n\n/** Text of each hunt by name. */\nexport const huntFiles: Readonly<Record<string, string>> = {\n${entries.join('\n')}\n};\n`,
);
const { huntsDocument, shippedHunts } = await import('@icecore/hunts');
writeFileSync(new URL('../../docs/hunts.md', import.meta.url), huntsDocument(shippedHunts()));
