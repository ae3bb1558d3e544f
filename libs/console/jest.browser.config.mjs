import preset from '../../jest.preset.mjs';

export default preset('console-browser', {
  testMatch: ['<rootDir>/src/**/*.browser.ts'],
  testTimeout: 900_000,
});
