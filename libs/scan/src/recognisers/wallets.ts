import { createHash } from 'node:crypto';
import { remembered } from '@icecore/secrets';
import { keccak_256 } from '@noble/hashes/sha3.js';

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** What currency an address belongs to, where its checksum holds; undefined else. */
export const walletOf = remembered(256, (token): 'bitcoin' | 'ethereum' | 'monero' | undefined => {
  if (/^[13][1-9A-HJ-NP-Za-km-z]{25,34}$/.test(token)) return base58Check(token) ? 'bitcoin' : undefined;
  if (/^bc1[02-9ac-hj-np-z]{11,71}$/.test(token)) return bech32(token) ? 'bitcoin' : undefined;
  if (/^0x[0-9a-fA-F]{40}$/.test(token)) return eip55(token) ? 'ethereum' : undefined;
  return /^[48][1-9A-HJ-NP-Za-km-z]{94}$/.test(token) && moneroChecksum(token) ? 'monero' : undefined;
});

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

/** Base58Check: the last 4 bytes are the first of the double SHA-256 of those before (Bitcoin wiki, "Base58Check encoding"). */
function base58Check(text: string): boolean {
  let value = 0n;
  for (const character of text) value = value * 58n + BigInt(base58.indexOf(character));
  const bytes = Buffer.from(value.toString(16).padStart(50, '0'), 'hex');
  if (bytes.length !== 25) return false;
  return Buffer.from(sha256(sha256(bytes.subarray(0, 21)))).subarray(0, 4).equals(bytes.subarray(21));
}

const bech32Letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** BIP 173 and BIP 350: the checksum's polynomial gives 1, or 0x2bc830a3 for the newer form. */
function bech32(text: string): boolean {
  const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  const values = [3, 3, 0, 2, 3, ...Array.from(text.slice(3), (letter) => bech32Letters.indexOf(letter))];
  let checksum = 1;
  for (const value of values) {
    const top = checksum >>> 25;
    checksum = ((checksum & 0x1ffffff) << 5) ^ value;
    generators.forEach((generator, i) => {
      if (((top >>> i) & 1) === 1) checksum ^= generator;
    });
  }
  return checksum === 1 || checksum === 0x2bc830a3;
}

/** EIP-55: the case of each letter is a bit of the Keccak hash of the address. One case alone has no checksum, and is no proof. */
function eip55(text: string): boolean {
  const digits = text.slice(2);
  const hash = Buffer.from(keccak_256(Buffer.from(digits.toLowerCase(), 'latin1'))).toString('hex');
  return Array.from(digits).every((digit, i) => /\d/.test(digit) || (parseInt(hash[i] ?? '0', 16) >= 8 ? digit === digit.toUpperCase() : digit === digit.toLowerCase()));
}

/** Monero's addresses: blocks of 11 characters for 8 bytes, and the first 4 bytes of the Keccak hash at the end. */
function moneroChecksum(text: string): boolean {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 11) {
    const block = text.slice(i, i + 11);
    let value = 0n;
    for (const character of block) value = value * 58n + BigInt(base58.indexOf(character));
    const size = block.length === 11 ? 8 : 5;
    if (value >= 1n << BigInt(8 * size)) return false;
    bytes.push(...Buffer.from(value.toString(16).padStart(2 * size, '0'), 'hex'));
  }
  const all = Buffer.from(bytes);
  return all.length === 69 && Buffer.from(keccak_256(all.subarray(0, 65))).subarray(0, 4).equals(all.subarray(65));
}
