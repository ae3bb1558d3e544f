import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Config, readConfig } from './config/schema.ts';
import { readTemplate, type StackTemplate } from './simulation/template.ts';

const stacks = z.array(z.object({ name: z.string(), account: z.string(), region: z.string(), template: z.record(z.string(), z.unknown()) }));
const file = z.object({ example: stacks, twoHomes: stacks, violations: z.array(z.string()), planted: z.array(z.string()) });

/** What `synthesise.test-support.ts` wrote before the tests began. */
export const synthesised = file.parse(JSON.parse(readFileSync(join(import.meta.dirname, '../test-output/synthesised/stacks.json'), 'utf8')));

export const example: Config = readConfig(parse(readFileSync(join(import.meta.dirname, '../config/example.yaml'), 'utf8')));

export function templatesOf(of: z.infer<typeof stacks>): readonly StackTemplate[] {
  return of.map(({ name, account, region, template }) => readTemplate(name, { account, region }, template));
}

/** The template of the one stack whose name says this purpose. */
export function templateOf(purpose: string, of: z.infer<typeof stacks> = synthesised.example): StackTemplate {
  const found = templatesOf(of).filter(({ name }) => name.startsWith(`${example.name}-${purpose}-`));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} stacks for ${purpose}`);
  return found[0];
}
