/** Lines `name:\tvalue` of a file such as `/proc/PID/fdinfo/FD`; of doubled names the first. */
export function fieldsIn(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

/** Numbers between blanks. */
export function numbersIn(text: string | undefined): number[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '').map(Number);
}

/** A mask in hex as `/proc/PID/status` shows it. */
export function maskOf(hex: string | undefined): bigint {
  return BigInt(`0x${hex ?? '0'}`);
}

/** Soft and hard values in the order of the resources' numbers; the file has another order. */
export function limitsIn(text: string): { name: string; soft: bigint; hard: bigint }[] {
  const value = (word: string | undefined): bigint => (word === 'unlimited' ? 2n ** 64n - 1n : BigInt(word ?? 0));
  return limitNames.map(([title, name]) => {
    const line = text.split('\n').find((each) => each.startsWith(title)) ?? '';
    const [soft, hard] = line.slice(title.length).trim().split(/\s+/);
    return { name, soft: value(soft), hard: value(hard) };
  });
}

const limitNames = [
  ['Max cpu time', 'RLIMIT_CPU'],
  ['Max file size', 'RLIMIT_FSIZE'],
  ['Max data size', 'RLIMIT_DATA'],
  ['Max stack size', 'RLIMIT_STACK'],
  ['Max core file size', 'RLIMIT_CORE'],
  ['Max resident set', 'RLIMIT_RSS'],
  ['Max processes', 'RLIMIT_NPROC'],
  ['Max open files', 'RLIMIT_NOFILE'],
  ['Max locked memory', 'RLIMIT_MEMLOCK'],
  ['Max address space', 'RLIMIT_AS'],
  ['Max file locks', 'RLIMIT_LOCKS'],
  ['Max pending signals', 'RLIMIT_SIGPENDING'],
  ['Max msgqueue size', 'RLIMIT_MSGQUEUE'],
  ['Max nice priority', 'RLIMIT_NICE'],
  ['Max realtime priority', 'RLIMIT_RTPRIO'],
  ['Max realtime timeout', 'RLIMIT_RTTIME'],
] as const;

/** Lines of `/proc/PID/cgroup` without the hierarchy number. */
export function cgroupsIn(text: string): string[] {
  return text.split('\n').filter((line) => line !== '').map((line) => line.slice(line.indexOf(':') + 1)).sort();
}

/** Octal escapes of mount points: `\040` is a blank. */
export function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

export interface MountLine {
  readonly mountId: number;
  readonly parentId: number;
  readonly device: string;
  readonly root: string;
  readonly mountpoint: string;
  readonly options: readonly string[];
  readonly filesystem: string;
  readonly source: string;
  readonly superblockOptions: readonly string[];
}

/** A line of `/proc/PID/mountinfo`. */
export function mountLine(line: string): MountLine {
  const [left = '', right = ''] = line.split(' - ');
  const [id, parent, device = '', root = '', mountpoint = '', options = ''] = left.split(' ');
  const [filesystem = '', source = '', superblockOptions = ''] = right.split(' ');
  return {
    mountId: Number(id),
    parentId: Number(parent),
    device,
    root: unescaped(root),
    mountpoint: unescaped(mountpoint),
    options: options.split(','),
    filesystem,
    source: unescaped(source),
    superblockOptions: superblockOptions.split(','),
  };
}
