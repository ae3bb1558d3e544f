export type { Hunt, HuntParameter, ParameterType } from './hunt.ts';
export { parameterTypes } from './hunt.ts';
export { maxHuntLength, parseHunt } from './parse-hunt.ts';
export { maxValueLength, renderHunt, type RenderedHunt } from './render-hunt.ts';
export { huntNamed, shippedHunts } from './shipped-hunts.ts';
export { type PastedType, type Pivot, pivotOf } from './indicator.ts';
export { type DialectProblem, dialectProblems } from './dialect.ts';
export { huntsDocument } from './document.ts';
export { type HuntCode, HuntError, isHuntError } from './errors.ts';
