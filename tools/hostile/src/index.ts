export { mulberry32, type Random, randomOf } from './random.ts';
