import preset from '../../jest.preset.mjs';

export default preset('conformance', {
  testMatch: ['<rootDir>/src/**/*.conformance.ts'],
  testTimeout: 120_000,
});
