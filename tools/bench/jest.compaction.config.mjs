import preset from '../../jest.preset.mjs';

export default preset('compaction', { testMatch: ['<rootDir>/src/**/*.heavy.ts'], testTimeout: 600_000 });
