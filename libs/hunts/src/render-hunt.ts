import type { QueryParameter } from '@icecore/lake';
import { addressKey, networkKeys } from '@icecore/tables';
import { HuntError } from './errors.ts';
import type { Hunt, HuntParameter } from './hunt.ts';
import { placeholders } from './placeholders.ts';

/** A hunt as an engine takes it: `?` in order, typed by casts, so that every engine compares alike. */
export interface RenderedHunt {
  readonly sql: string;
  readonly parameters: readonly QueryParameter[];
}

/** Longest value of a parameter, in characters. */
export const maxValueLength = 4096;

/**
 * Fills a hunt's parameters with values as a person writes them; what is not given has its default. Values never become
 * a part of the statement's text. Throws a `HuntError` (`invalid_parameter`).
 */
export function renderHunt(hunt: Hunt, values: Readonly<Record<string, string>> = {}): RenderedHunt {
  const unknown = Object.keys(values).find((name) => !hunt.parameters.some((parameter) => parameter.name === name));
  if (unknown !== undefined) {
    const known = hunt.parameters.map(({ name }) => name).join(', ');
    throw new HuntError('invalid_parameter', `${hunt.name} has no parameter ${unknown}; it has ${known === '' ? 'none' : known}`);
  }
  const filled = new Map(hunt.parameters.flatMap((parameter) => [...fill(hunt, parameter, values[parameter.name] ?? parameter.default)]));
  const parameters: QueryParameter[] = [];
  let sql = '';
  let end = 0;
  for (const placeholder of placeholders(hunt.sql)) {
    const value = filled.get(placeholder.name);
    if (value === undefined) throw new HuntError('invalid_hunt', `${hunt.name}: :${placeholder.name} is no parameter`);
    sql += `${hunt.sql.slice(end, placeholder.start)}CAST(? AS ${value.type})`;
    parameters.push(value.value);
    end = placeholder.end;
  }
  return { sql: sql + hunt.sql.slice(end), parameters };
}

interface Filled {
  readonly type: 'varchar' | 'bigint' | 'date' | 'boolean';
  readonly value: string;
}

function fill(hunt: Hunt, { name, type, summary }: HuntParameter, value: string | undefined): Iterable<readonly [string, Filled]> {
  const refuse = (expected: string): HuntError => new HuntError('invalid_parameter', `${hunt.name}: ${name} must be ${expected}, not ${JSON.stringify(value)}`);
  if (value === undefined) throw new HuntError('invalid_parameter', `${hunt.name} needs ${name}: ${summary}`);
  if (value.length > maxValueLength) throw new HuntError('invalid_parameter', `${hunt.name}: ${name} is longer than ${maxValueLength} characters`);
  switch (type) {
    case 'text':
      return [[name, { type: 'varchar', value }]];
    case 'number':
      if (!/^-?\d{1,18}$/.test(value)) throw refuse('a whole number');
      return [[name, { type: 'bigint', value }]];
    case 'date':
      if (!isDate(value)) throw refuse('a date, YYYY-MM-DD');
      return [[name, { type: 'date', value }]];
    case 'yesno':
      if (value !== 'yes' && value !== 'no') throw refuse('yes or no');
      return [[name, { type: 'boolean', value: value === 'yes' ? 'true' : 'false' }]];
    case 'network': {
      const range = networkKeys(value);
      if (range === undefined) throw refuse('a network such as 10.0.0.0/8 or fd00::/8');
      return [[`${name}_first`, { type: 'varchar', value: range.first }], [`${name}_last`, { type: 'varchar', value: range.last }]];
    }
    case 'address': {
      const key = addressKey(value);
      if (key === null) throw refuse('an IP address');
      return [[name, { type: 'varchar', value }], [`${name}_key`, { type: 'varchar', value: key }]];
    }
  }
}

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const moment = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(value);
}
