import preset from '../../jest.preset.mjs';

export default preset('faults', {
  testMatch: ['<rootDir>/src/**/*.faults.ts'],
  globalSetup: '<rootDir>/../../libs/aws/s3-server/jest-start.mjs',
  globalTeardown: '<rootDir>/../../libs/aws/s3-server/jest-stop.mjs',
  testTimeout: 240_000,
});
