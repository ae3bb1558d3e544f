import preset from '../../jest.preset.mjs';

export default preset('pipeline-proof');
