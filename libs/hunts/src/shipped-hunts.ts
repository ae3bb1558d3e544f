import { HuntError } from './errors.ts';
import type { Hunt } from './hunt.ts';
import { parseHunt } from './parse-hunt.ts';
import { huntFiles } from './hunt-files.ts';

/** The hunts that come with icecore, by name. */
export function shippedHunts(): readonly Hunt[] {
  return Object.entries(huntFiles).map(([name, text]) => parseHunt(name, text));
}

/** A hunt by its name. Throws a `HuntError` (`unknown_hunt`) that names those there are. */
export function huntNamed(hunts: readonly Hunt[], name: string): Hunt {
  const found = hunts.find((hunt) => hunt.name === name);
  if (found !== undefined) return found;
  const near = hunts.filter((hunt) => hunt.name.includes(name)).map((hunt) => hunt.name);
  throw new HuntError('unknown_hunt', `there is no hunt ${name}${near.length > 0 ? `; there is ${near.join(', ')}` : ''}`);
}
