/* Reads the archive on standard input and prints how it went: `{ ending, peakBytes }`. */
import { readFileSync } from 'node:fs';
import { readBytes } from './reading.ts';

const ending = await readBytes(readFileSync(0));
console.log(JSON.stringify({ ending, peakBytes: process.resourceUsage().maxRSS * 1024 }));
