import preset from '../../jest.preset.mjs';

export default preset('image', {
  testMatch: ['<rootDir>/src/**/*.image.ts'],
  testTimeout: 180_000,
});
