import preset from '../../jest.preset.mjs';

export default preset('s3', {
  testMatch: ['<rootDir>/src/**/*.s3.ts'],
  globalSetup: '<rootDir>/../../libs/aws/s3-server/jest-start.mjs',
  globalTeardown: '<rootDir>/../../libs/aws/s3-server/jest-stop.mjs',
  testTimeout: 120_000,
});
