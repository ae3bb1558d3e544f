import preset from '../../jest.preset.mjs';

export default preset('crash', {
  testMatch: ['<rootDir>/src/**/*.crash.ts'],
  globalSetup: '<rootDir>/../../libs/aws/s3-server/jest-start.mjs',
  globalTeardown: '<rootDir>/../../libs/aws/s3-server/jest-stop.mjs',
  testTimeout: 900_000,
});
