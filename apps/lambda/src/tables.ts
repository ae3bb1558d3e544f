import { stepHandler } from './step-handler.ts';

export const handler = stepHandler('tables');
