import preset from '../../jest.preset.mjs';

export default preset('crash', {
  testMatch: ['<rootDir>/src/**/*.crash.ts'],
  testTimeout: 900_000,
});
