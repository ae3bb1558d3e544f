import { DamageError } from '@icecore/bytes';
import { formatIpBytes } from './addresses.ts';
import { flagNames, type FlagTable } from './flags.ts';
import { nameOf, type NameTable } from './names.ts';
import { decodeNetlinkDump, decodeRecords, netlinkMagic, type NetlinkMessage, type NetlinkRecords } from './netlink.ts';
import { type NetlinkAttribute, NetlinkAttributes, openMessage, wrongLength } from './netlink-attributes.ts';
import { familyName, formatPrefix, routeProtocol, routeScope, routeTable } from './netlink-names.ts';

/** One way of a route that has several. */
export interface NextHop {
  readonly gateway?: string;
  readonly interfaceIndex: number;
  /** Share of the traffic, from 1. */
  readonly weight: number;
  /** RTNH_F_* */
  readonly flags: readonly string[];
}

/** A route of a network namespace. */
export interface NetworkRoute {
  /** `inet` or `inet6`. */
  readonly family: string;
  /** `unicast`, `local`, `blackhole`, … */
  readonly type: string;
  /** `10.0.0.0/8`, or `default`. */
  readonly destination: string;
  /** Prefix from which packets must come; undefined where any will do. */
  readonly source?: string;
  readonly gateway?: string;
  /** Interface that packets leave by; undefined for routes that lead nowhere or several ways. */
  readonly interfaceIndex?: number;
  readonly nextHops: readonly NextHop[];
  /** Id of a next hop object, whose content is not part of the dump. */
  readonly nextHopId?: number;
  /** `main`, `local`, or the table's number. */
  readonly table: string;
  readonly protocol: string;
  readonly scope: string;
  /** Lower goes first. */
  readonly metric?: number;
  readonly preferredSource?: string;
  /** Largest packet in bytes, where the route sets one. */
  readonly mtu?: number;
  /** RTNH_F_* and RTM_F_* */
  readonly flags: readonly string[];
  readonly message: NetlinkMessage;
  /** Attributes that are not told above. */
  readonly others: readonly NetlinkAttribute[];
}

const types: NameTable = [
  'unspec', 'unicast', 'local', 'broadcast', 'anycast', 'multicast', 'blackhole', 'unreachable', 'prohibit', 'throw',
  'nat', 'xresolve',
];

const flags: FlagTable = [
  ['RTNH_F_DEAD', 0x01],
  ['RTNH_F_PERVASIVE', 0x02],
  ['RTNH_F_ONLINK', 0x04],
  ['RTNH_F_OFFLOAD', 0x08],
  ['RTNH_F_LINKDOWN', 0x10],
  ['RTNH_F_UNRESOLVED', 0x20],
  ['RTNH_F_TRAP', 0x40],
  ['RTM_F_NOTIFY', 0x100],
  ['RTM_F_CLONED', 0x200],
  ['RTM_F_EQUALIZE', 0x400],
  ['RTM_F_PREFIX', 0x800],
  ['RTM_F_LOOKUP_TABLE', 0x1000],
  ['RTM_F_FIB_MATCH', 0x2000],
  ['RTM_F_OFFLOAD', 0x4000],
  ['RTM_F_TRAP', 0x8000],
  ['RTM_F_OFFLOAD_FAILED', 0x2000_0000],
];

/** RTA_* of include/uapi/linux/rtnetlink.h. */
const attribute = {
  destination: 1,
  source: 2,
  output: 4,
  gateway: 5,
  priority: 6,
  preferredSource: 7,
  metrics: 8,
  multipath: 9,
  table: 15,
  via: 18,
  nextHopId: 30,
} as const;

/** RTAX_MTU inside RTA_METRICS. */
const mtuMetric = 2;

const newRoute = 24;

/** The routes in a file of `ip route save`: CRIU's route-N.img, route6-N.img. Never throws for damage: it is in the gaps. */
export function decodeRoutes(bytes: Uint8Array): NetlinkRecords<NetworkRoute> {
  const dump = decodeNetlinkDump(bytes, netlinkMagic.route);
  return decodeRecords(dump, 'network route', { [newRoute]: decodeRoute });
}

function decodeRoute(message: NetlinkMessage): NetworkRoute {
  const { header, attributes } = openMessage(message, 12);
  const source = attributes.address(attribute.source);
  const sourceLength = header.getUint8(2);
  const multipath = attributes.attribute(attribute.multipath);
  return {
    family: familyName(header.getUint8(0)),
    type: nameOf(types, header.getUint8(7), 'type'),
    destination: formatPrefix(attributes.address(attribute.destination), header.getUint8(1), message.offset),
    source: source === undefined && sourceLength === 0 ? undefined : formatPrefix(source, sourceLength, message.offset),
    gateway: gateway(attributes),
    interfaceIndex: attributes.integer(attribute.output, 4),
    nextHops: multipath === undefined ? [] : decodeNextHops(multipath),
    nextHopId: attributes.integer(attribute.nextHopId, 4),
    table: routeTable(attributes.integer(attribute.table, 4) ?? header.getUint8(4)),
    protocol: routeProtocol(header.getUint8(5)),
    scope: routeScope(header.getUint8(6)),
    metric: attributes.integer(attribute.priority, 4),
    preferredSource: attributes.address(attribute.preferredSource),
    mtu: attributes.nested(attribute.metrics)?.integer(mtuMetric, 4),
    flags: flagNames(header.getUint32(8, true), flags),
    message,
    others: attributes.rest(),
  };
}

/** The gateway's address, which has an attribute of its own where its family is not the route's: struct rtvia. */
function gateway(attributes: NetlinkAttributes): string | undefined {
  const via = attributes.attribute(attribute.via);
  if (via === undefined) return attributes.address(attribute.gateway);
  const address = formatIpBytes(via.bytes.subarray(2));
  if (address === undefined) throw wrongLength(via, '6 or 18');
  return address;
}

const nextHopBytes = 8;

/** RTA_MULTIPATH: struct rtnexthop after struct rtnexthop, each with attributes of its own. */
function decodeNextHops(multipath: NetlinkAttribute): NextHop[] {
  const { bytes } = multipath;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const hops: NextHop[] = [];
  let at = 0;
  while (bytes.length - at >= nextHopBytes) {
    const length = view.getUint16(at, true);
    const offset = multipath.offset + 4 + at;
    if (length < nextHopBytes || length > bytes.length - at) {
      throw new DamageError('malformed', `next hop of ${length} bytes, ${bytes.length - at} are there`, { offset });
    }
    const attributes = new NetlinkAttributes(bytes.subarray(at + nextHopBytes, at + length), offset + nextHopBytes);
    hops.push({
      gateway: gateway(attributes),
      interfaceIndex: view.getUint32(at + 4, true),
      weight: view.getUint8(at + 3) + 1,
      flags: flagNames(view.getUint8(at + 2), flags),
    });
    at += (length + 3) & ~3;
  }
  return hops;
}
