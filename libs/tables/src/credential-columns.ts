import { bigint, boolean, nullable, structList, text, textList, type ValuesOf } from '@icecore/lake';
import type { CapabilitySet, Credentials } from '@icecore/snapshot';
import { whole } from './values.ts';

const id = (what: string) => nullable(bigint(`${what}, as seen inside the container; NULL where not captured.`));
const bits = (what: string) => nullable(bigint(`${what} capabilities, bit n for capability n; NULL where not captured.`));
const names = (what: string) => nullable(textList(`Names of the ${what} capabilities; NULL where not captured.`));

/** Who a process or thread acts as and what it may do. */
export const credentialColumns = {
  uid: id('Real user id'),
  gid: id('Real group id'),
  euid: id('Effective user id'),
  egid: id('Effective group id'),
  suid: id('Saved user id'),
  sgid: id('Saved group id'),
  fsuid: id('User id for file access'),
  fsgid: id('Group id for file access'),
  groups: nullable(structList({ gid: bigint('Group id.') }, 'Supplementary groups; NULL where not captured.')),
  secure_bits: nullable(bigint('Secure bits of prctl(2), PR_SET_SECUREBITS; NULL where not captured.')),
  capabilities_effective_bits: bits('Effective'),
  capabilities_effective: names('effective'),
  capabilities_permitted_bits: bits('Permitted'),
  capabilities_permitted: names('permitted'),
  capabilities_inheritable_bits: bits('Inheritable'),
  capabilities_inheritable: names('inheritable'),
  capabilities_bounding_bits: bits('Bounding'),
  capabilities_bounding: names('bounding'),
  capabilities_ambient_bits: bits('Ambient'),
  capabilities_ambient: names('ambient'),
  no_new_privileges: nullable(boolean('True where execve(2) can grant no privileges; NULL where the dump does not say.')),
  lsm_profile: nullable(text('Label of the security module, for example an AppArmor profile; NULL where the dump does not say.')),
};

export function credentialValues(credentials: Credentials | undefined): ValuesOf<typeof credentialColumns> {
  const sets = credentials?.capabilities;
  const bitsOf = (set: CapabilitySet | undefined): bigint | null => set?.bits ?? null;
  const namesOf = (set: CapabilitySet | undefined): readonly string[] | null => set?.names ?? null;
  return {
    uid: whole(credentials?.uid),
    gid: whole(credentials?.gid),
    euid: whole(credentials?.euid),
    egid: whole(credentials?.egid),
    suid: whole(credentials?.suid),
    sgid: whole(credentials?.sgid),
    fsuid: whole(credentials?.fsuid),
    fsgid: whole(credentials?.fsgid),
    groups: credentials?.groups.map((gid) => ({ gid: BigInt(gid) })) ?? null,
    secure_bits: whole(credentials?.secbits),
    capabilities_effective_bits: bitsOf(sets?.effective),
    capabilities_effective: namesOf(sets?.effective),
    capabilities_permitted_bits: bitsOf(sets?.permitted),
    capabilities_permitted: namesOf(sets?.permitted),
    capabilities_inheritable_bits: bitsOf(sets?.inheritable),
    capabilities_inheritable: namesOf(sets?.inheritable),
    capabilities_bounding_bits: bitsOf(sets?.bounding),
    capabilities_bounding: namesOf(sets?.bounding),
    capabilities_ambient_bits: bitsOf(sets?.ambient),
    capabilities_ambient: namesOf(sets?.ambient),
    no_new_privileges: credentials?.noNewPrivileges ?? null,
    lsm_profile: credentials?.lsmProfile ?? null,
  };
}
