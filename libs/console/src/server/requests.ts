import { z } from 'zod';

const word = z.string().max(200);
const name = z.string().regex(/^[a-z][a-z0-9_]{0,60}$/);
const many = <T extends z.ZodType>(each: T) => z.preprocess((value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]), z.array(each).max(30));
const whole = (most: number) => z.coerce.number().int().min(0).max(most);
const pid = z.coerce.number().int().min(0).max(0xffff_ffff);

/** Which rows of a list: `filter=column:value` for what a column must be, `text` for what one of the columns must hold. */
export const choiceRequest = z.strictObject({
  source: name,
  capture: word.optional(),
  filter: many(z.string().max(4300).regex(/^[a-z][a-z0-9_]*:/)),
  text: z.string().max(500).optional(),
  since: z.iso.date().optional(),
  until: z.iso.date().optional(),
  suppressed: z.enum(['hide', 'show']).default('hide'),
});
export type Choice = z.infer<typeof choiceRequest>;

export const pageRequest = choiceRequest.extend({
  columns: z.string().max(2000).regex(/^[a-z][a-z0-9_]*(?:,[a-z][a-z0-9_]*)*$/),
  sort: name.optional(),
  descending: z.enum(['yes', 'no']).default('no'),
  offset: whole(10_000_000).default(0),
  limit: whole(1000).default(200),
  /** Whether the whole list is counted; who pages through it knows the number already. */
  count: z.enum(['yes', 'no']).default('yes'),
});
export type PageRequest = z.infer<typeof pageRequest>;

export const stackRequest = choiceRequest.extend({ column: name });

export const searchRequest = z.strictObject({ value: z.string().trim().min(1).max(4096) });

export const sqlRequest = z.strictObject({ sql: z.string().min(1).max(262_144) });

export const huntRequest = z.strictObject({ values: z.record(name, z.string().max(4096)) });

export const compareRequest = z.strictObject({ before: word, after: word });

const address = z.string().regex(/^(?:0x)?[0-9a-fA-F]{1,16}$/).transform((text) => BigInt(text.startsWith('0x') ? text : `0x${text}`));
export const memoryRequest = z.strictObject({ capture: word, pid, at: address, length: whole(65_536).default(4096) });
export const processRequest = z.strictObject({ capture: word, pid });
export const stringsRequest = z.strictObject({ capture: word, pid, at: address, least: z.coerce.number().int().min(6).max(64).default(6), text: z.string().max(200).optional() });
export const memorySearchRequest = z.strictObject({ capture: word, pid: pid.optional(), pattern: z.string().min(2).max(500), kind: z.enum(['text', 'hex']).default('text') });
export const carveRequest = z.strictObject({ capture: word, pid, at: address, length: whole(64 * 2 ** 20), reason: z.string().trim().min(1).max(500) });
export const fileRequest = z.strictObject({ capture: word, path: z.string().min(1).max(8192), source: z.string().max(8192) });
export const fileCarveRequest = fileRequest.extend({ reason: z.string().trim().min(1).max(500) });

export const holdRequest = z.strictObject({ capture: z.string().max(1024), held: z.boolean(), reason: z.string().trim().min(1).max(500) });

export const exportRequest = z.strictObject({ captures: z.string().max(40_000).optional() });
export const csvRequest = pageRequest.omit({ offset: true, limit: true, count: true });

export const ruleRequest = z.strictObject({ rule: z.string().min(1).max(262_144), captures: z.array(word).min(1).max(500) });
