import preset from '../../jest.preset.mjs';

export default preset('pipeline', {
  testMatch: ['<rootDir>/src/**/*.pipeline.ts'],
  globalSetup: '<rootDir>/../../libs/aws/s3-server/jest-start.mjs',
  globalTeardown: '<rootDir>/../../libs/aws/s3-server/jest-stop.mjs',
  testTimeout: 600_000,
});
