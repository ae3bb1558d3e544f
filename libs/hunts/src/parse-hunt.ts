import { z } from 'zod';
import { HuntError } from './errors.ts';
import { type Hunt, type HuntParameter, parameterTypes } from './hunt.ts';
import { placeholders } from './placeholders.ts';

/** Longest file of a hunt, in characters; Athena takes no longer statement. */
export const maxHuntLength = 262_144;

const headerLine = /^--\s*([a-z]+):\s*(.*?)\s*$/;
const parameterLine = /^([a-z][a-z0-9_]*)\s+([a-z]+)(?:\s*=\s*('[^']*'|[^\s:'][^\s:]*))?\s*:\s+(.+)$/;

const header = z.strictObject({
  title: z.string().min(3).max(100),
  question: z.string().min(3).max(300),
  technique: z.union([z.literal('none'), z.string().regex(/^T\d{4}(\.\d{3})?$/, 'is not an ATT&CK technique')]),
  example: z.string().max(300).optional(),
});
const parameter = z.object({ name: z.string().max(40), type: z.enum(parameterTypes), default: z.string().optional(), summary: z.string().max(200) });

/**
 * A hunt from its file: lines `-- key: value` (title, question, technique, parameter, example), then one SELECT.
 * Throws a `HuntError` (`invalid_hunt`) that names the file and what is wrong.
 */
export function parseHunt(name: string, text: string): Hunt {
  const refuse = (why: string): HuntError => new HuntError('invalid_hunt', `${name}: ${why}`);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) throw refuse('the name must be words of small letters and digits, joined by -');
  if (text.length > maxHuntLength) throw refuse(`longer than ${maxHuntLength} characters`);
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const fields = lines.slice(0, end === -1 ? lines.length : end).flatMap((line) => {
    const match = headerLine.exec(line);
    return match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const];
  });
  const sql = end === -1 ? '' : lines.slice(end).join('\n').trim();
  if (sql === '') throw refuse('there is no statement');
  const parsed = header.safeParse(Object.fromEntries(fields.filter(([key]) => key !== 'parameter')));
  if (!parsed.success) throw refuse(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  const { title, question, technique, example } = parsed.data;
  const parameters = fields.filter(([key]) => key === 'parameter').map(([, value]) => parseParameter(value, refuse));
  requireDeclared(sql, parameters, refuse);
  return { name, title, question, technique: technique === 'none' ? undefined : technique, parameters, example, sql };
}

function parseParameter(line: string, refuse: (why: string) => HuntError): HuntParameter {
  const match = parameterLine.exec(line);
  if (match === null) throw refuse(`parameter ${JSON.stringify(line)}: expected NAME TYPE = DEFAULT: SUMMARY`);
  const [, name, type, given, summary] = match;
  const checked = parameter.safeParse({ name, type, default: given?.startsWith("'") === true ? given.slice(1, -1) : given, summary });
  if (!checked.success) throw refuse(`parameter ${name ?? ''}: the type must be one of ${parameterTypes.join(', ')}`);
  return { ...checked.data, default: checked.data.default };
}

function requireDeclared(sql: string, parameters: readonly HuntParameter[], refuse: (why: string) => HuntError): void {
  const used = new Set(placeholders(sql).map(({ name }) => name));
  const known = new Map(parameters.flatMap(({ name, type }) => namesOf(name, type).map((each) => [each, name] as const)));
  if (new Set(parameters.map(({ name }) => name)).size !== parameters.length) throw refuse('a parameter is declared twice');
  for (const name of used) if (!known.has(name)) throw refuse(`:${name} is no parameter`);
  for (const { name, type } of parameters) if (!namesOf(name, type).some((each) => used.has(each))) throw refuse(`the parameter ${name} is not used`);
}

/** The placeholders that a parameter fills: a network is a range, an address comes as text and as key. */
export function namesOf(name: string, type: HuntParameter['type']): readonly string[] {
  if (type === 'network') return [`${name}_first`, `${name}_last`];
  return type === 'address' ? [name, `${name}_key`] : [name];
}
