/**
 * A path inside a tree, however the archive spells it: `.` and empty parts go, `..` takes back a part, a `..` that
 * has nothing to take back is dropped and makes the path unsafe, as do a leading `/` and a NUL.
 */
export function normalisePath(raw: string): { readonly path: string; readonly unsafe: boolean } {
  let unsafe = raw.startsWith('/') || raw.includes('\0');
  if (!unsafe && isNormal(raw)) return { path: raw, unsafe };
  const parts: string[] = [];
  for (const part of raw.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) unsafe = true;
  }
  return { path: parts.join('/'), unsafe };
}

function isNormal(raw: string): boolean {
  return !raw.startsWith('.') && !raw.endsWith('/') && !raw.includes('/.') && !raw.includes('//');
}
