import type { EvidenceItem } from './finding.ts';
import type { ExaminedFile, Examination } from './examination.ts';

/** Files that are in the container beside what its image brought: changes to the root file system, tmpfs and volumes. */
export function addedFiles({ files }: Examination): readonly ExaminedFile[] {
  return files.filter(({ change, origin }) => change === 'present' && ['rootfs', 'tmpfs', 'shm', 'volume'].includes(origin));
}

export function fileEvidence(file: ExaminedFile, value?: string): EvidenceItem {
  return {
    what: file.change === 'deleted' ? 'deleted file' : 'changed file',
    path: file.path,
    image: file.entry,
    ...(file.type === 'file' && file.change === 'present' ? { length: file.size } : {}),
    ...(value === undefined ? {} : { value: value.slice(0, 500) }),
  };
}

/** The beginning of a file as text; empty for what is none. */
export function textOf({ head }: ExaminedFile): string {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  return head.subarray(0, 4096).some((byte) => byte <= 8 || (byte >= 14 && byte <= 26)) ? '' : text;
}

/** Lines that say something: not empty, no comments. */
export function linesOf(file: ExaminedFile): readonly string[] {
  return textOf(file)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** A package manager or a rebuild changed much at once: then changes of system files are its work. */
export function packagesChanged({ files }: Examination): boolean {
  return files.some(({ path, change }) => change === 'present' && /^\/(?:var\/lib\/dpkg\/(?:status|info\/)|lib\/apk\/db\/installed|var\/lib\/rpm\/|usr\/lib\/sysimage\/rpm)/.test(path));
}

export function isElf({ head }: ExaminedFile): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

export function isScript({ head }: ExaminedFile): boolean {
  return head[0] === 0x23 && head[1] === 0x21;
}

/** Commands that say that a line does harm: they fetch, decode, or open a shell. */
export const harmfulCommand = /\b(?:curl|wget)\b[^\n]{0,200}\|\s*(?:ba|da|z|a)?sh\b|\/dev\/tcp\/|base64\s+(?:-d|--decode)|\bnc\b[^\n]{0,60}-e\b|mkfifo|pty\.spawn|\/tmp\/\.|\/dev\/shm\/|chmod\s+(?:\+x|[0-7]*7[0-7]*)\s+\/tmp|xmrig|stratum\+|bash\s+-i/;
