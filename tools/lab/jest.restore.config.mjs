import preset from '../../jest.preset.mjs';

export default preset('restore', {
  testMatch: ['<rootDir>/src/**/*.live.ts'],
  testTimeout: 300_000,
});
