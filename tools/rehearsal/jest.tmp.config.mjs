import preset from '../../jest.preset.mjs';
export default preset('faults', { testMatch: ['<rootDir>/src/**/*.faults.ts'], testTimeout: 240_000 });
