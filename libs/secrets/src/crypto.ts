import type * as NodeCrypto from 'node:crypto';

/**
 * Node's cryptography, loaded where the first secret is met: loading it takes longer than a whole answer that shows
 * none.
 */
export function crypto(): typeof NodeCrypto {
  return process.getBuiltinModule('node:crypto');
}
