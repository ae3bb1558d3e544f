import { flagNames, type FlagTable } from './flags.ts';
import { nameOf, type NameTable } from './names.ts';
import { type NetlinkDump, decodeRecords, type NetlinkMessage, type NetlinkRecords } from './netlink.ts';
import { type NetlinkAttribute, openMessage } from './netlink-attributes.ts';

/** A network interface. */
export interface NetworkLink {
  readonly index: number;
  readonly name?: string;
  /** `loopback`, `ether`, …: ARPHRD_* */
  readonly hardware: string;
  /** `veth`, `bridge`, …; undefined for real devices and the loopback. */
  readonly kind?: string;
  /** Hardware address as hex pairs: `02:42:ac:11:00:02`. */
  readonly hardwareAddress?: string;
  /** Largest packet in bytes. */
  readonly mtu?: number;
  /** Index of the other end or of the interface below; in another namespace where `linkNamespace` is there. */
  readonly linkIndex?: number;
  /** Id of the network namespace that `linkIndex` belongs to. */
  readonly linkNamespace?: number;
  /** Index of the bridge or bond that the interface is part of. */
  readonly master?: number;
  /** RFC 2863: `up`, `down`, `unknown`, … */
  readonly operationalState?: string;
  /** IFF_* */
  readonly flags: readonly string[];
  readonly message: NetlinkMessage;
  /** Attributes that are not told above. */
  readonly others: readonly NetlinkAttribute[];
}

const hardware: NameTable = {
  1: 'ether',
  32: 'infiniband',
  280: 'can',
  512: 'ppp',
  768: 'ipip',
  769: 'tunnel6',
  772: 'loopback',
  776: 'sit',
  778: 'gre',
  823: 'gre6',
  65534: 'none',
};

const states: NameTable = ['unknown', 'notpresent', 'down', 'lowerlayerdown', 'testing', 'dormant', 'up'];

const flags: FlagTable = [
  ['IFF_UP', 2 ** 0],
  ['IFF_BROADCAST', 2 ** 1],
  ['IFF_DEBUG', 2 ** 2],
  ['IFF_LOOPBACK', 2 ** 3],
  ['IFF_POINTOPOINT', 2 ** 4],
  ['IFF_NOTRAILERS', 2 ** 5],
  ['IFF_RUNNING', 2 ** 6],
  ['IFF_NOARP', 2 ** 7],
  ['IFF_PROMISC', 2 ** 8],
  ['IFF_ALLMULTI', 2 ** 9],
  ['IFF_MASTER', 2 ** 10],
  ['IFF_SLAVE', 2 ** 11],
  ['IFF_MULTICAST', 2 ** 12],
  ['IFF_PORTSEL', 2 ** 13],
  ['IFF_AUTOMEDIA', 2 ** 14],
  ['IFF_DYNAMIC', 2 ** 15],
  ['IFF_LOWER_UP', 2 ** 16],
  ['IFF_DORMANT', 2 ** 17],
  ['IFF_ECHO', 2 ** 18],
];

/** IFLA_* of include/uapi/linux/if_link.h. */
const attribute = {
  address: 1,
  name: 3,
  mtu: 4,
  link: 5,
  master: 10,
  operationalState: 16,
  info: 18,
  linkNamespace: 37,
} as const;

/** IFLA_INFO_KIND inside IFLA_LINKINFO. */
const kindOfInfo = 1;

const newLink = 16;

/** Names of the IFF_* flags of an interface, also those of CRIU's net_device_entry.flags. */
export function linkFlags(value: number): string[] {
  return flagNames(value, flags);
}

/** A hardware address as hex pairs; empty text for no bytes. */
export function formatHardwareAddress(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** The interfaces in a dump of RTM_NEWLINK messages. Never throws for damage: it is in the gaps. */
export function decodeLinks(dump: NetlinkDump): NetlinkRecords<NetworkLink> {
  return decodeRecords(dump, 'network interface', { [newLink]: decodeLink });
}

function decodeLink(message: NetlinkMessage): NetworkLink {
  const { header, attributes } = openMessage(message, 16);
  const address = attributes.bytes(attribute.address);
  const state = attributes.integer(attribute.operationalState, 1);
  return {
    index: header.getUint32(4, true),
    name: attributes.text(attribute.name),
    hardware: nameOf(hardware, header.getUint16(2, true), 'ARPHRD'),
    kind: attributes.nested(attribute.info)?.text(kindOfInfo),
    hardwareAddress: address === undefined ? undefined : formatHardwareAddress(address),
    mtu: attributes.integer(attribute.mtu, 4),
    linkIndex: attributes.integer(attribute.link, 4),
    linkNamespace: attributes.integer(attribute.linkNamespace, 4),
    master: attributes.integer(attribute.master, 4),
    operationalState: state === undefined ? undefined : nameOf(states, state, 'state'),
    flags: linkFlags(header.getUint32(8, true)),
    message,
    others: attributes.rest(),
  };
}
