/* Lays out a library the way all of ours are. Usage: node tools/build/new-library.mjs FOLDER LAYER [DEPENDENCY…] */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

const [folder, layer, ...dependencies] = process.argv.slice(2);
const name = basename(folder);
mkdirSync(`${folder}/src`, { recursive: true });
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
writeFileSync(
  `${folder}/package.json`,
  json({
    name: `@icecore/${name}`,
    version: '0.1.0',
    private: true,
    type: 'module',
    exports: { '.': './src/index.ts', './package.json': './package.json' },
    dependencies: Object.fromEntries(dependencies.map((dependency) => [`@icecore/${dependency}`, '*'])),
    nx: { tags: [`layer:${layer}`] },
  }),
);
const base = '../../tsconfig.base.json';
writeFileSync(
  `${folder}/tsconfig.json`,
  json({ extends: base, files: [], include: [], references: [{ path: './tsconfig.lib.json' }, { path: './tsconfig.spec.json' }] }),
);
writeFileSync(
  `${folder}/tsconfig.lib.json`,
  json({
    extends: base,
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/tsconfig.lib.tsbuildinfo' },
    include: ['src/**/*.ts'],
    exclude: ['src/**/*.test.ts'],
    references: dependencies.map((dependency) => ({ path: `../../libs/${dependency}/tsconfig.lib.json` })),
  }),
);
writeFileSync(
  `${folder}/tsconfig.spec.json`,
  json({
    extends: base,
    compilerOptions: { rootDir: '.', outDir: 'out-tsc', types: ['jest', 'node'] },
    include: ['src/**/*.test.ts'],
    references: [{ path: './tsconfig.lib.json' }],
  }),
);
writeFileSync(`${folder}/jest.config.mjs`, `import preset from '../../jest.preset.mjs';\n\nexport default preset('${name}');\n`);
if (!existsSync(`${folder}/src/index.ts`)) writeFileSync(`${folder}/src/index.ts`, 'export {};\n');
const root = JSON.parse(readFileSync('tsconfig.json', 'utf8'));
if (!root.references.some(({ path }) => path === `./${folder}`)) {
  root.references.push({ path: `./${folder}` });
  root.references.sort((a, b) => a.path.localeCompare(b.path));
  writeFileSync('tsconfig.json', json(root));
}
