/** Kind of a file, from the S_IFMT bits of its mode. */
export type FileType = 'regular' | 'directory' | 'symlink' | 'socket' | 'fifo' | 'block' | 'character';

const types: Readonly<Record<number, FileType>> = {
  0o010000: 'fifo',
  0o020000: 'character',
  0o040000: 'directory',
  0o060000: 'block',
  0o100000: 'regular',
  0o120000: 'symlink',
  0o140000: 'socket',
};

const letters: Readonly<Record<FileType, string>> = {
  regular: '-',
  directory: 'd',
  symlink: 'l',
  socket: 's',
  fifo: 'p',
  block: 'b',
  character: 'c',
};

/** Kind of the file that has this st_mode; undefined where the mode holds permissions alone. */
export function fileType(mode: number): FileType | undefined {
  return types[mode & 0o170000];
}

/** The mode as ls(1) shows it: `-rwsr-xr-x`; `?` stands for a kind that does not exist. */
export function formatMode(mode: number): string {
  const type = fileType(mode);
  return (
    (type === undefined ? '?' : letters[type]) +
    triad(mode >> 6, (mode & 0o4000) !== 0, 's') +
    triad(mode >> 3, (mode & 0o2000) !== 0, 's') +
    triad(mode, (mode & 0o1000) !== 0, 't')
  );
}

function triad(bits: number, special: boolean, letter: string): string {
  const execute = (bits & 1) !== 0;
  const last = special ? (execute ? letter : letter.toUpperCase()) : execute ? 'x' : '-';
  return ((bits & 4) === 0 ? '-' : 'r') + ((bits & 2) === 0 ? '-' : 'w') + last;
}
