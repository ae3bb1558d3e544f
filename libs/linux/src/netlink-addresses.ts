import { flagNames, type FlagTable } from './flags.ts';
import { decodeNetlinkDump, decodeRecords, netlinkMagic, type NetlinkMessage, type NetlinkRecords } from './netlink.ts';
import { type NetlinkAttribute, openMessage, wrongLength } from './netlink-attributes.ts';
import { familyName, routeScope } from './netlink-names.ts';

/** An address of a network interface. */
export interface NetworkAddress {
  /** `inet` or `inet6`. */
  readonly family: string;
  readonly interfaceIndex: number;
  /** The interface's own address; undefined for a message that names none. */
  readonly address?: string;
  readonly prefixLength: number;
  /** The other end of a point-to-point link, where it has an address of its own. */
  readonly peer?: string;
  readonly broadcast?: string;
  readonly anycast?: string;
  /** The interface's name, and what its administrator may have put behind it; IPv4 only. */
  readonly label?: string;
  readonly scope: string;
  /** IFA_F_* */
  readonly flags: readonly string[];
  /** IFAPROT_*: who added the address. */
  readonly protocol?: number;
  /** Metric of the route that belongs to the prefix. */
  readonly metric?: number;
  /** Seconds for which the address is preferred, counted from the dump. */
  readonly preferredSeconds?: number | 'forever';
  /** Seconds for which it is valid, counted from the dump. */
  readonly validSeconds?: number | 'forever';
  readonly message: NetlinkMessage;
  /** Attributes that are not told above. */
  readonly others: readonly NetlinkAttribute[];
}

const flags: FlagTable = [
  ['IFA_F_SECONDARY', 0x01],
  ['IFA_F_NODAD', 0x02],
  ['IFA_F_OPTIMISTIC', 0x04],
  ['IFA_F_DADFAILED', 0x08],
  ['IFA_F_HOMEADDRESS', 0x10],
  ['IFA_F_DEPRECATED', 0x20],
  ['IFA_F_TENTATIVE', 0x40],
  ['IFA_F_PERMANENT', 0x80],
  ['IFA_F_MANAGETEMPADDR', 0x100],
  ['IFA_F_NOPREFIXROUTE', 0x200],
  ['IFA_F_MCAUTOJOIN', 0x400],
  ['IFA_F_STABLE_PRIVACY', 0x800],
];

/** IFA_* of include/uapi/linux/if_addr.h. */
const attribute = {
  address: 1,
  local: 2,
  label: 3,
  broadcast: 4,
  anycast: 5,
  cacheInfo: 6,
  flags: 8,
  metric: 9,
  protocol: 11,
} as const;

const newAddress = 20;

/** The addresses in a file of `ip addr save`: CRIU's ifaddr-N.img. Never throws for damage: it is in the gaps. */
export function decodeAddresses(bytes: Uint8Array): NetlinkRecords<NetworkAddress> {
  const dump = decodeNetlinkDump(bytes, netlinkMagic.address);
  return decodeRecords(dump, 'network address', { [newAddress]: decodeAddress });
}

function decodeAddress(message: NetlinkMessage): NetworkAddress {
  const { header, attributes } = openMessage(message, 8);
  const remote = attributes.address(attribute.address);
  const local = attributes.address(attribute.local);
  return {
    family: familyName(header.getUint8(0)),
    prefixLength: header.getUint8(1),
    flags: flagNames(attributes.integer(attribute.flags, 4) ?? header.getUint8(2), flags),
    scope: routeScope(header.getUint8(3)),
    interfaceIndex: header.getUint32(4, true),
    address: local ?? remote,
    peer: local === undefined || local === remote ? undefined : remote,
    broadcast: attributes.address(attribute.broadcast),
    anycast: attributes.address(attribute.anycast),
    label: attributes.text(attribute.label),
    metric: attributes.integer(attribute.metric, 4),
    protocol: attributes.integer(attribute.protocol, 1),
    ...lifetimes(attributes.attribute(attribute.cacheInfo)),
    message,
    others: attributes.rest(),
  };
}

/** struct ifa_cacheinfo: preferred and valid seconds, then two times of the table entry itself. */
function lifetimes(cacheInfo: NetlinkAttribute | undefined): Pick<NetworkAddress, 'preferredSeconds' | 'validSeconds'> {
  if (cacheInfo === undefined) return {};
  const { bytes } = cacheInfo;
  if (bytes.length < 16) throw wrongLength(cacheInfo, 16);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { preferredSeconds: seconds(view.getUint32(0, true)), validSeconds: seconds(view.getUint32(4, true)) };
}

function seconds(value: number): number | 'forever' {
  return value === 0xffff_ffff ? 'forever' : value;
}
