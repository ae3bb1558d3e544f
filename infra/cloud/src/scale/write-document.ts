/* Writes docs/scale.md and prints it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scaleDocument } from './document.ts';
import { recordedDurations } from './durations.ts';

const text = scaleDocument(recordedDurations());
writeFileSync(join(import.meta.dirname, '../../../../docs/scale.md'), text);
process.stdout.write(text);
