/* Writes docs/signals.md from the detectors: `node libs/findings/generate-docs.mjs`. */
import { writeFileSync } from 'node:fs';
import { allDetectors, signalsDocument } from './src/index.ts';

writeFileSync(new URL('../../docs/signals.md', import.meta.url), signalsDocument(allDetectors));
