import preset from '../../jest.preset.mjs';

export default preset('registry', {
  testMatch: ['<rootDir>/src/**/*.registry.ts'],
  testTimeout: 120_000,
});
