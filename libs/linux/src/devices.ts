/** A device number's two parts. */
export interface Device {
  readonly major: number;
  readonly minor: number;
}

/**
 * The kernel's own encoding, 12 bits of major over 20 of minor (include/linux/kdev_t.h), as in CRIU's
 * mnt_entry.root_dev and the `dev` of its file handles.
 */
export function kernelDevice(dev: number): Device {
  return { major: dev >>> 20, minor: dev & 0xfffff };
}

/** The encoding of stat(2) and makedev(3): 64 bits, the low parts of both numbers in the lowest 20 bits. */
export function userDevice(dev: number | bigint): Device {
  const bits = BigInt.asUintN(64, BigInt(dev));
  const part = (shift: bigint, mask: bigint): bigint => (bits >> shift) & mask;
  return {
    major: Number(part(8n, 0xfffn) | (part(44n, 0xfffffn) << 12n)),
    minor: Number(part(0n, 0xffn) | (part(20n, 0xffffffn) << 8n)),
  };
}

/** `8:1` for a number in the kernel's own encoding. */
export function formatKernelDevice(dev: number): string {
  return formatDevice(kernelDevice(dev));
}

/** `8:1` for a number in the encoding of stat(2). */
export function formatUserDevice(dev: number | bigint): string {
  return formatDevice(userDevice(dev));
}

/** `major:minor`, as /proc/PID/mountinfo shows it. */
export function formatDevice(device: Device): string {
  return `${device.major}:${device.minor}`;
}
