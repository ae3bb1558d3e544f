export { exitStatus, type ExitStatus, formatExitCode, stateLetter, taskState, type TaskState } from './processes.ts';
export { capabilities, capabilityNames, capabilitySet, capabilityWords } from './capabilities.ts';
export { signalName, signalNames, type SignalNumbering } from './signals.ts';
export { errnoName } from './errno.ts';
export { formatLimit, limitName, unlimited } from './limits.ts';
export { isNice, isRealTime, schedulingPolicy } from './scheduling.ts';
export { clockName, intervalTimerName, timerNotification } from './timers.ts';
export { personalityNames } from './personality.ts';
export { namespaceFlags, namespaceKind } from './namespaces.ts';

export { flagNames, type FlagTable } from './flags.ts';
export { openFlags, type OpenFlagNumbering } from './open-flags.ts';
export { fileType, type FileType, formatMode } from './files.ts';
export { type Device, formatDevice, formatKernelDevice, formatUserDevice, kernelDevice, userDevice } from './devices.ts';
export { filesystemName } from './filesystems.ts';
export { mountFlags } from './mount-flags.ts';
export { fileLockKind, fileLockType } from './file-locks.ts';

export { mapFlags, pagemapFlags, permissions, protectionFlags, sealFlags, vmaStatusFlags } from './memory-flags.ts';
export { type Machine, machineOf } from './elf.ts';
export { auxvName, auxvPageSize, auxvTag, maxAuxvCount, parseAuxv } from './auxv.ts';

export { ipProtocol, netlinkProtocol, socketFamily, socketShutdown, socketType, tcpState, type TcpState } from './sockets.ts';
export { addressFamily, formatIpAddress, formatIpBytes, unmapIpv4 } from './addresses.ts';

export { auditArch, auditArchName, syscallName, syscallTable } from './audit.ts';
export { type BpfInstruction, decodeBpf, maxBpfInstructionCount } from './bpf.ts';
export { seccompAction } from './seccomp-data.ts';
export { disassembleSeccomp } from './seccomp-listing.ts';
export { maxSeccompSteps, summariseSeccomp, type SeccompSummary } from './seccomp-summary.ts';
export { maxSeccompStates } from './seccomp-walk.ts';

export {
  decodeNetlinkDump,
  encodeNetlinkDump,
  maxNetlinkMessageCount,
  type NetlinkDump,
  netlinkMagic,
  type NetlinkMessage,
  type NetlinkRecords,
} from './netlink.ts';
export { decodeAttributes, type NetlinkAttribute } from './netlink-attributes.ts';
export { decodeLinks, formatHardwareAddress, linkFlags, type NetworkLink } from './netlink-links.ts';
export { decodeAddresses, type NetworkAddress } from './netlink-addresses.ts';
export { decodeRoutes, type NetworkRoute, type NextHop } from './netlink-routes.ts';
export { decodeRules, type NetworkRule, type NumberRange } from './netlink-rules.ts';
export {
  type ConntrackCounters,
  type ConntrackEntry,
  type ConntrackExpectation,
  type ConntrackTuple,
  decodeConntrack,
  decodeExpectations,
} from './conntrack.ts';
export { splitCriuLock, type SplitRuleset } from './nftables.ts';
