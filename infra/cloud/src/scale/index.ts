export { type Recorded, recordedDurations } from './durations.ts';
export { analysisCost, type Cost, costOf, paperWallSeconds } from './paper.ts';
export { prices } from './prices.ts';
export { assumptions, type Work, workOf } from './work.ts';
