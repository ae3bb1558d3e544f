import preset from '../../jest.preset.mjs';

export default preset('rehearsal', {
  testMatch: ['<rootDir>/src/**/*.rehearsal.ts'],
  testTimeout: 3_600_000,
});
