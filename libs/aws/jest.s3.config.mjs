import preset from '../../jest.preset.mjs';

export default preset('s3', {
  testMatch: ['<rootDir>/src/**/*.s3.ts'],
  testTimeout: 120_000,
});
