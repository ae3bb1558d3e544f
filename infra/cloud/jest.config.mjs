import preset from '../../jest.preset.mjs';

export default preset('cloud', { globalSetup: '<rootDir>/synthesise.mjs' });
