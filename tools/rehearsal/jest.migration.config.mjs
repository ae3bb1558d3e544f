import preset from '../../jest.preset.mjs';

export default preset('migration', {
  testMatch: ['<rootDir>/src/**/*.migration.ts'],
  testTimeout: 120_000,
});
