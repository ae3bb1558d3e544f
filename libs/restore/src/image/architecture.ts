import type { MachineFacts } from '@icecore/snapshot';

/** Go's names of the machines that CRIU knows (`core_entry.march`), as images are labelled with them. */
const architectures: Readonly<Record<string, string>> = {
  X86_64: 'amd64',
  AARCH64: 'arm64',
  ARM: 'arm',
  PPC64: 'ppc64le',
  S390: 's390x',
  MIPS: 'mips64le',
  LOONGARCH64: 'loong64',
  RISCV64: 'riscv64',
};

/** The architecture of the machine as images name it; undefined where the dump does not tell, or CRIU's name is new. */
export function architectureOf(machine: MachineFacts | undefined): string | undefined {
  return machine === undefined ? undefined : architectures[machine.name];
}
