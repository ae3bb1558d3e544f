import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));

/** The jest configuration every project shares; `name` is what the output shows. */
export default (name, overrides = {}) => ({
  displayName: name,
  testEnvironment: 'node',
  // Far above what any test takes on a busy machine of two cores: what it is to catch is a hang.
  testTimeout: 60_000,
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' } }],
    '^.+\\.tsx$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript', tsx: true }, target: 'es2024', transform: { react: { runtime: 'automatic', importSource: 'preact' } } } }],
  },
  testMatch: ['<rootDir>/src/**/*.test.{ts,tsx}'],
  reporters: ['default', join(root, 'tools/check/totals-reporter.mjs')],
  ...overrides,
});
