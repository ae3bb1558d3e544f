import preset from '../../jest.preset.mjs';

export default preset('hostile', {
  testMatch: ['<rootDir>/src/**/*.hostile.ts'],
  // 100,000 archives at some 10 ms of a core each; a single one that takes long is ended by the campaign itself.
  testTimeout: 45 * 60_000,
});
