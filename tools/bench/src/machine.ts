import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { formatBytes } from '@icecore/bytes';

/** Peers that the suites measure against, and how they tell their version. */
const peers: readonly (readonly [program: string, ...words: string[]])[] = [['grep', '--version'], ['tar', '--version'], ['strings', '--version'], ['yara', '--version'], ['sha256sum', '--version'], ['checkpointctl', '--version']];

/** The machine and the programs on it, in a sentence. */
export function machineText(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${formatBytes(totalmem())} of memory, Linux ${release()}, Node ${process.version}${peers.map(versionOf).join('')}`;
}

function versionOf([program, ...words]: (typeof peers)[number]): string {
  const { status, stdout } = spawnSync(program, words, { encoding: 'utf8' });
  const version = /\d+\.\d[\w.]*/.exec(stdout ?? '')?.[0];
  return status === 0 && version !== undefined ? `, ${program} ${version}` : '';
}
