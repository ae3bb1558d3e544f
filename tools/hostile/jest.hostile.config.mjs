import preset from '../../jest.preset.mjs';

export default preset('hostile', {
  testMatch: ['<rootDir>/src/**/*.hostile.ts'],
  testTimeout: 900_000,
});
