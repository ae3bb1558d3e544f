import preset from '../../jest.preset.mjs';

export default preset('leaks', {
  testMatch: ['<rootDir>/src/**/*.heavy.ts'],
  testTimeout: 900_000,
});
