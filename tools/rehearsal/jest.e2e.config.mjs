import preset from '../../jest.preset.mjs';

export default preset('e2e', {
  testMatch: ['<rootDir>/src/**/*.e2e.ts'],
  globalSetup: '<rootDir>/e2e-start.mjs',
  globalTeardown: '<rootDir>/../../libs/aws/s3-server/jest-stop.mjs',
  testTimeout: 600_000,
});
