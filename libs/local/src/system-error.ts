/**
 * The code of an error of the operating system, such as `ENOENT`; undefined for any other value. Looks at the shape,
 * for such an error need not be of this realm's `Error`.
 */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
