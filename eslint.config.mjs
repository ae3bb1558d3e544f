import nx from '@nx/eslint-plugin';
import { layers, pureLayers, rimPackages } from './tools/check/layers.mjs';

const boundaries = Object.entries(layers).map(([sourceTag, below]) => ({
  sourceTag,
  onlyDependOnLibsWithTags: below.map((layer) => `layer:${layer}`),
  ...(pureLayers.includes(sourceTag) ? { bannedExternalImports: rimPackages } : {}),
}));

const pureFolders = [
  ...['bytes', 'linux', 'archive', 'criu', 'memory', 'snapshot', 'secrets', 'scan', 'findings', 'evidence', 'alerts'],
  ...['difference', 'coredump', 'tables', 'lake', 'hunts', 'exports', 'states'],
  ...['views', 'restore', 'pipeline', 'capture'],
];

export default [
  { ignores: ['**/dist', '**/out-tsc', '**/test-output', '**/gen', '**/*.wasm.ts', '**/*.as.ts'] },
  ...nx.configs['flat/base'],
  ...nx.configs['flat/typescript'],
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { allow: [], checkDynamicDependenciesExceptions: ['.*'], depConstraints: boundaries }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      'max-depth': ['error', 4],
      'max-lines': ['error', { max: 400, skipBlankLines: true }],
    },
  },
  {
    files: pureFolders.map((name) => `libs/${name}/src/**/*.{ts,tsx}`),
    ignores: ['**/*.test.{ts,tsx}', '**/*.test-support.ts', '**/*.browser.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: ['node:fs', 'node:fs/promises', 'node:net', 'node:http', 'node:https', 'node:child_process', 'node:os'] },
      ],
    },
  },
  { files: ['**/*.test.{ts,tsx}', '**/*.heavy.ts'], rules: { 'max-lines': 'off' } },
];
