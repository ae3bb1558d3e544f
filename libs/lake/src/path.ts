import { LakeError } from './errors.ts';

/** Longest path of a file in a lake, in characters. */
export const maxPathLength = 900;

/**
 * The path itself where it is one that every store can hold: relative, `/` between its parts, no part empty, `.`
 * or `..`, only letters, digits and `._=-`. Throws a `LakeError` (`invalid_name`) else.
 */
export function requireLakePath(path: string): string {
  const safe = path.length <= maxPathLength && path.split('/').every((part) => /^[A-Za-z0-9._=-]+$/.test(part) && !/^\.+$/.test(part));
  if (!safe) throw new LakeError('invalid_name', `${JSON.stringify(path)} is not a path in a lake`);
  return path;
}
