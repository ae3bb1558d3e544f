import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Config, readConfig } from './schema.ts';

/** The configuration in a YAML file. Throws an error that names the file and what is wrong in it. */
export function configFile(path: string): Config {
  try {
    return readConfig(parse(readFileSync(path, 'utf8'), { maxAliasCount: 100 }));
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
