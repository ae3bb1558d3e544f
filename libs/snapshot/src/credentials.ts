import { type imageTypes, type MessageOf } from '@icecore/criu';
import { capabilityNames, capabilityWords } from '@icecore/linux';

/** Who a thread acts as and what it may do (CRIU, `creds_entry`; credentials(7), capabilities(7)). */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly euid: number;
  readonly egid: number;
  readonly suid: number;
  readonly sgid: number;
  readonly fsuid: number;
  readonly fsgid: number;
  readonly groups: readonly number[];
  readonly secbits: number;
  readonly capabilities: {
    readonly inheritable: CapabilitySet;
    readonly permitted: CapabilitySet;
    readonly effective: CapabilitySet;
    readonly bounding: CapabilitySet;
    readonly ambient: CapabilitySet;
  };
  /** Undefined where the dump does not say: CRIU notes it only where it is set, and before version 3.19 not at all. */
  readonly noNewPrivileges: boolean | undefined;
  /** Label of the security module, for example an AppArmor profile. */
  readonly lsmProfile: string | undefined;
}

export interface CapabilitySet {
  readonly bits: bigint;
  readonly names: readonly string[];
}

export function credentialsOf(entry: MessageOf<typeof imageTypes.CREDS.message>): Credentials {
  const { uid, gid, euid, egid, suid, sgid, fsuid, fsgid, groups, secbits } = entry;
  return {
    uid,
    gid,
    euid,
    egid,
    suid,
    sgid,
    fsuid,
    fsgid,
    groups,
    secbits,
    capabilities: {
      inheritable: capabilitySetOf(entry.cap_inh),
      permitted: capabilitySetOf(entry.cap_prm),
      effective: capabilitySetOf(entry.cap_eff),
      bounding: capabilitySetOf(entry.cap_bnd),
      ambient: capabilitySetOf(entry.cap_amb),
    },
    noNewPrivileges: entry.no_new_privs === undefined ? undefined : entry.no_new_privs !== 0,
    lsmProfile: entry.lsm_profile,
  };
}

function capabilitySetOf(words: readonly number[]): CapabilitySet {
  const bits = capabilityWords(words);
  return {
    bits,
    get names() {
      return capabilityNames(bits);
    },
  };
}
