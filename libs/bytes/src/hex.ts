/** Lower-case hex of an address or a value, with the `0x` that CRIU's tools print. */
export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

/** Lower-case hex digits of bytes, two a byte, in order. */
export function bytesToHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A size as people read it: `512 B`, `1.5 KiB`, `8.0 GiB`. */
export function formatBytes(bytes: number | bigint): string {
  let value = Number(bytes);
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
