import type { CheckpointArchive } from '@icecore/archive';
import { imageTypes } from '@icecore/criu';
import type { ContainerSnapshot } from '@icecore/snapshot';
import { firstMessage } from '../first-message.ts';

/** A feature of the processor, as `/proc/cpuinfo` names it, and what asks for it. */
export interface CpuFeature {
  readonly flag: string;
  readonly because: string;
}

export interface CpuNeeds {
  readonly features: readonly CpuFeature[];
  /** The archive tells all features that the dump was taken with (`cpuinfo.img`); else only those that state of threads shows. */
  readonly complete: boolean;
}

/** Components of XSAVE state (Intel SDM volume 1, 13.1) by the flag that a processor with them has. */
const stateComponents: readonly (readonly [bit: bigint, flag: string])[] = [
  [2n, 'avx'],
  [3n, 'mpx'],
  [5n, 'avx512f'],
  [6n, 'avx512f'],
  [7n, 'avx512f'],
  [9n, 'pku'],
  [11n, 'user_shstk'],
  [17n, 'amx_tile'],
];

/** Words of `cpuinfo_x86_entry.capability`, which are the kernel's (cpufeatures.h), by the bits that programs choose code by. */
const capabilityBits: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  0: { 0: 'fpu', 4: 'tsc', 8: 'cx8', 15: 'cmov', 23: 'mmx', 24: 'fxsr', 25: 'sse', 26: 'sse2' },
  4: { 0: 'pni', 1: 'pclmulqdq', 9: 'ssse3', 12: 'fma', 13: 'cx16', 19: 'sse4_1', 20: 'sse4_2', 22: 'movbe', 23: 'popcnt', 25: 'aes', 26: 'xsave', 28: 'avx', 29: 'f16c', 30: 'rdrand' },
  6: { 0: 'lahf_lm', 5: 'abm', 6: 'sse4a', 16: 'fma4' },
  9: { 0: 'fsgsbase', 3: 'bmi1', 4: 'hle', 5: 'avx2', 8: 'bmi2', 9: 'erms', 11: 'rtm', 14: 'mpx', 16: 'avx512f', 17: 'avx512dq', 18: 'rdseed', 19: 'adx', 21: 'avx512ifma', 23: 'clflushopt', 24: 'clwb', 28: 'avx512cd', 29: 'sha_ni', 30: 'avx512bw', 31: 'avx512vl' },
};

/** What the processor must have: all that the dump's had where the archive says that, and the state of each thread in any case. */
export async function cpuNeeds(archive: CheckpointArchive, snapshot: ContainerSnapshot): Promise<CpuNeeds> {
  const features = new Map<string, string>();
  const add = (flag: string, because: string): void => void (features.has(flag) || features.set(flag, because));
  for (const { tid, state } of await threadStates(snapshot)) {
    for (const [bit, flag] of stateComponents) if ((state >> bit) & 1n) add(flag, `thread ${tid} has its registers in use`);
  }
  const capability = await capabilityOf(archive);
  for (const [word, bits] of Object.entries(capabilityBits)) {
    const value = capability?.[Number(word)] ?? 0;
    for (const [bit, flag] of Object.entries(bits)) if ((value >>> Number(bit)) & 1) add(flag, 'the processor of the dump had it (cpuinfo.img)');
  }
  return { features: [...features].map(([flag, because]) => ({ flag, because })), complete: capability !== undefined };
}

async function threadStates({ processes, images }: ContainerSnapshot): Promise<{ readonly tid: number; readonly state: bigint }[]> {
  const states: { tid: number; state: bigint }[] = [];
  for (const { tid } of processes.flatMap(({ threads }) => threads)) {
    const source = images.open(`core-${tid}.img`);
    if (source === undefined) continue;
    const core = await firstMessage(source, `core-${tid}.img`, imageTypes.CORE);
    const state = core?.thread_info?.fpregs?.xsave?.xstate_bv;
    if (state !== undefined) states.push({ tid, state });
  }
  return states;
}

async function capabilityOf(archive: CheckpointArchive): Promise<readonly number[] | undefined> {
  const source = archive.images().get('cpuinfo.img')?.source;
  if (source === undefined) return undefined;
  return (await firstMessage(source, 'cpuinfo.img', imageTypes.CPUINFO))?.x86_entry[0]?.capability;
}
