import { entropyOf } from '@icecore/secrets';
import type { IndicatorType } from '../hits.ts';
import { walletOf } from './wallets.ts';

/** Hashes that stand for nothing: of empty input, or repeated digits. */
const emptyHashes = new Set([
  'd41d8cd98f00b204e9800998ecf8427e',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
]);

/** What a long token of letters and digits is: a hash in hex, or a wallet's address. */
export function tokenIndicator(token: string): { readonly type: IndicatorType; readonly value: string } | undefined {
  const type = token.length === 32 ? 'md5' : token.length === 40 ? 'sha1' : token.length === 64 ? 'sha256' : undefined;
  if (type !== undefined && /^(?:[0-9a-f]+|[0-9A-F]+)$/.test(token)) {
    const value = token.toLowerCase();
    // Digits alone, and few different ones, are numbers and padding.
    return emptyHashes.has(value) || /^\d+$/.test(value) || entropyOf(value) < 2.8 ? undefined : { type, value };
  }
  const wallet = walletOf(token);
  return wallet === undefined ? undefined : { type: 'wallet', value: `${wallet}:${token}` };
}
