import { existsSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

/** A lab cannot run here; `reasons` says what is missing, one sentence each. */
export class LabMissingError extends Error {
  readonly code = 'lab_missing';
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(`not here, because ${reasons.join('; ')}`);
    this.name = 'LabMissingError';
    this.reasons = reasons;
  }
}

/** What a lab needs from the machine and does not find; empty where it can run. */
export function missingForLab(): string[] {
  if (process.platform !== 'linux') return [`this is ${process.platform}, and CRIU needs Linux`];
  const reasons: string[] = [];
  if (process.getuid?.() !== 0) reasons.push('it needs root, for namespaces, mounts and CRIU');
  else if (!hasCapability(21)) reasons.push('root here lacks CAP_SYS_ADMIN, so nothing can be mounted');
  if (process.arch !== 'x64') reasons.push(`the programs of the scenarios are for x86-64, this is ${process.arch}`);
  for (const tool of ['unshare', 'nsenter', 'mount', 'flock']) if (!hasTool(tool)) reasons.push(`${tool} is not installed (util-linux)`);
  if (!existsSync('/proc/self/map_files')) reasons.push('the kernel lacks CONFIG_CHECKPOINT_RESTORE');
  return reasons;
}

export function hasTool(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0;
}

function hasCapability(number: number): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return mask !== undefined && (BigInt(`0x${mask}`) & (1n << BigInt(number))) !== 0n;
}
