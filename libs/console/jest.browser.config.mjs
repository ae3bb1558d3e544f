import preset from '../../jest.preset.mjs';

export default preset('console-browser', {
  testMatch: ['<rootDir>/src/**/*.browser.ts'],
  globalSetup: '<rootDir>/../../tools/check/chromium.mjs',
  testTimeout: 900_000,
});
