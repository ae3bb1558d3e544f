import { hex } from '@icecore/bytes';
import { errnoName } from './errno.ts';

/** What a seccomp filter can load: the words of struct seccomp_data, and anything else as `unknown`. */
export type SeccompField = 'nr' | 'arch' | 'other';

/** Which of them stands at an offset of the structure (include/uapi/linux/seccomp.h). */
export function seccompField(offset: number): SeccompField {
  if (offset === 0) return 'nr';
  return offset === 4 ? 'arch' : 'other';
}

/** Name of the word at an offset on a little-endian machine: `nr`, `arch`, `instruction_pointer.low`, `args[0].high`. */
export function seccompFieldName(offset: number): string | undefined {
  if (offset % 4 !== 0 || offset < 0 || offset >= 64) return undefined;
  if (offset === 0) return 'nr';
  if (offset === 4) return 'arch';
  const half = offset % 8 === 0 ? 'low' : 'high';
  return offset < 16 ? `instruction_pointer.${half}` : `args[${Math.trunc((offset - 16) / 8)}].${half}`;
}

const actions: Readonly<Record<number, string>> = {
  0x8000_0000: 'KILL_PROCESS',
  0x0000_0000: 'KILL_THREAD',
  0x0003_0000: 'TRAP',
  0x0005_0000: 'ERRNO',
  0x7fc0_0000: 'USER_NOTIF',
  0x7ff0_0000: 'TRACE',
  0x7ffc_0000: 'LOG',
  0x7fff_0000: 'ALLOW',
};

/** SECCOMP_RET_DATA that the kernel lowers to this value. */
const maxErrno = 4095;

/**
 * What the kernel does when a filter returns `value`: `ALLOW`, `ERRNO(EPERM)`, `TRACE(7)`.
 * A value that is no action counts as KILL_PROCESS for the kernel, and is shown as that with the value behind.
 */
export function seccompAction(value: number): string {
  const action = actions[(value & 0xffff_0000) >>> 0];
  const data = value & 0xffff;
  if (action === undefined) return `KILL_PROCESS(${hex(value >>> 0)})`;
  if (action === 'ERRNO') {
    const errno = Math.min(data, maxErrno);
    return `ERRNO(${errnoName(errno) ?? errno})`;
  }
  const hasData = (action === 'TRACE' || action === 'TRAP') && data !== 0;
  return hasData ? `${action}(${data})` : action;
}
