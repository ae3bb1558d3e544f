import { DamageError } from '@icecore/bytes';
import { flagNames, type FlagTable } from './flags.ts';
import { nameOf, type NameTable } from './names.ts';
import { decodeNetlinkDump, decodeRecords, type NetlinkMessage, type NetlinkRecords } from './netlink.ts';
import { type NetlinkAttribute, type NetlinkAttributes, openMessage } from './netlink-attributes.ts';
import { familyName } from './netlink-names.ts';

/** Who talks to whom, as connection tracking sees one direction. What a packet does not have is undefined. */
export interface ConntrackTuple {
  readonly source?: string;
  readonly destination?: string;
  /** IPPROTO_* */
  readonly protocol?: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly icmp?: { readonly id?: number; readonly type?: number; readonly code?: number };
  readonly zone?: number;
}

/** What passed in one direction, where the kernel counts. */
export interface ConntrackCounters {
  readonly packets?: bigint;
  readonly bytes?: bigint;
}

/** A connection that the kernel tracks. */
export interface ConntrackEntry {
  /** `inet` or `inet6`. */
  readonly family: string;
  /** The direction of the first packet. */
  readonly original: ConntrackTuple;
  /** The direction of the answers; where addresses are translated it is not the original turned round. */
  readonly reply: ConntrackTuple;
  /** IPS_* */
  readonly status?: readonly string[];
  /** State of a TCP connection: `ESTABLISHED`. */
  readonly tcpState?: string;
  /** Seconds until the entry is forgotten, counted from the dump. */
  readonly timeoutSeconds?: number;
  readonly mark?: number;
  readonly id?: number;
  readonly zone?: number;
  /** Helper that follows the connection: `ftp`. */
  readonly helper?: string;
  readonly originalCounters?: ConntrackCounters;
  readonly replyCounters?: ConntrackCounters;
  /** The connection that made this one expected. */
  readonly master?: ConntrackTuple;
  readonly message: NetlinkMessage;
  /** Attributes that are not told above. */
  readonly others: readonly NetlinkAttribute[];
}

/** A connection that the kernel expects because another one announced it. */
export interface ConntrackExpectation {
  /** `inet` or `inet6`. */
  readonly family: string;
  /** The connection that announced it. */
  readonly master: ConntrackTuple;
  readonly tuple: ConntrackTuple;
  /** Which bits of the tuple count. */
  readonly mask: ConntrackTuple;
  /** Seconds until the expectation is forgotten, counted from the dump. */
  readonly timeoutSeconds?: number;
  readonly id?: number;
  readonly zone?: number;
  readonly helper?: string;
  readonly message: NetlinkMessage;
  /** Attributes that are not told above. */
  readonly others: readonly NetlinkAttribute[];
}

const status: FlagTable = [
  ['IPS_EXPECTED', 2 ** 0],
  ['IPS_SEEN_REPLY', 2 ** 1],
  ['IPS_ASSURED', 2 ** 2],
  ['IPS_CONFIRMED', 2 ** 3],
  ['IPS_SRC_NAT', 2 ** 4],
  ['IPS_DST_NAT', 2 ** 5],
  ['IPS_SEQ_ADJUST', 2 ** 6],
  ['IPS_SRC_NAT_DONE', 2 ** 7],
  ['IPS_DST_NAT_DONE', 2 ** 8],
  ['IPS_DYING', 2 ** 9],
  ['IPS_FIXED_TIMEOUT', 2 ** 10],
  ['IPS_TEMPLATE', 2 ** 11],
  ['IPS_UNTRACKED', 2 ** 12],
  ['IPS_HELPER', 2 ** 13],
  ['IPS_OFFLOAD', 2 ** 14],
  ['IPS_HW_OFFLOAD', 2 ** 15],
];

/** Connection tracking numbers the states of TCP in its own way (nf_conntrack_tcp.h). */
const tcpStates: NameTable = [
  'NONE', 'SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT', 'CLOSE', 'SYN_SENT2',
];

/** CTA_*, CTA_EXPECT_* and what is inside them (include/uapi/linux/netfilter/nfnetlink_conntrack.h). */
const connection = {
  original: 1,
  reply: 2,
  status: 3,
  protocolInfo: 4,
  help: 5,
  timeout: 7,
  mark: 8,
  originalCounters: 9,
  replyCounters: 10,
  id: 12,
  master: 14,
  zone: 18,
} as const;
const expectation = { master: 1, tuple: 2, mask: 3, timeout: 4, id: 5, helper: 6, zone: 7 } as const;
const tuple = { addresses: 1, protocol: 2, zone: 3 } as const;
const tcpInfo = { itself: 1, state: 1 } as const;

/** Message types: netfilter's subsystem in the high byte, IPCTNL_MSG_CT_NEW or IPCTNL_MSG_EXP_NEW in the low one. */
const newConnection = 0x0100;
const newExpectation = 0x0200;

/** The connections in CRIU's netns-ct-N.img. Never throws for damage: it is in the gaps. */
export function decodeConntrack(bytes: Uint8Array): NetlinkRecords<ConntrackEntry> {
  return decodeRecords(decodeNetlinkDump(bytes), 'tracked connection', { [newConnection]: decodeConnection });
}

/** The expected connections in CRIU's netns-exp-N.img. Never throws for damage: it is in the gaps. */
export function decodeExpectations(bytes: Uint8Array): NetlinkRecords<ConntrackExpectation> {
  return decodeRecords(decodeNetlinkDump(bytes), 'expected connection', { [newExpectation]: decodeExpectation });
}

function decodeConnection(message: NetlinkMessage): ConntrackEntry {
  const { header, attributes } = openMessage(message, 4);
  const bits = attributes.networkInteger(connection.status, 4);
  const state = attributes.nested(connection.protocolInfo)?.nested(tcpInfo.itself)?.networkInteger(tcpInfo.state, 1);
  return {
    family: familyName(header.getUint8(0)),
    original: requireTuple(attributes, connection.original, message),
    reply: requireTuple(attributes, connection.reply, message),
    status: bits === undefined ? undefined : flagNames(bits, status),
    tcpState: state === undefined ? undefined : nameOf(tcpStates, state, 'state'),
    timeoutSeconds: attributes.networkInteger(connection.timeout, 4),
    mark: attributes.networkInteger(connection.mark, 4),
    id: attributes.networkInteger(connection.id, 4),
    zone: attributes.networkInteger(connection.zone, 2),
    helper: attributes.nested(connection.help)?.text(1),
    originalCounters: decodeCounters(attributes.nested(connection.originalCounters)),
    replyCounters: decodeCounters(attributes.nested(connection.replyCounters)),
    master: decodeTuple(attributes.nested(connection.master)),
    message,
    others: attributes.rest(),
  };
}

function decodeExpectation(message: NetlinkMessage): ConntrackExpectation {
  const { header, attributes } = openMessage(message, 4);
  return {
    family: familyName(header.getUint8(0)),
    master: requireTuple(attributes, expectation.master, message),
    tuple: requireTuple(attributes, expectation.tuple, message),
    mask: requireTuple(attributes, expectation.mask, message),
    timeoutSeconds: attributes.networkInteger(expectation.timeout, 4),
    id: attributes.networkInteger(expectation.id, 4),
    helper: attributes.text(expectation.helper),
    zone: attributes.networkInteger(expectation.zone, 2),
    message,
    others: attributes.rest(),
  };
}

function requireTuple(attributes: NetlinkAttributes, type: number, message: NetlinkMessage): ConntrackTuple {
  const found = decodeTuple(attributes.nested(type));
  if (found === undefined) throw new DamageError('malformed', `no tuple in attribute ${type}`, { offset: message.offset });
  return found;
}

/** CTA_TUPLE_*: two attributes for IPv4 and two for IPv6, three for ICMP and three for ICMPv6. */
function decodeTuple(attributes: NetlinkAttributes | undefined): ConntrackTuple | undefined {
  if (attributes === undefined) return undefined;
  const addresses = attributes.nested(tuple.addresses);
  const protocol = attributes.nested(tuple.protocol);
  return {
    source: addresses?.address(1) ?? addresses?.address(3),
    destination: addresses?.address(2) ?? addresses?.address(4),
    protocol: protocol?.networkInteger(1, 1),
    sourcePort: protocol?.networkInteger(2, 2),
    destinationPort: protocol?.networkInteger(3, 2),
    icmp: protocol === undefined ? undefined : decodeIcmp(protocol),
    zone: attributes.networkInteger(tuple.zone, 2),
  };
}

function decodeIcmp(protocol: NetlinkAttributes): ConntrackTuple['icmp'] {
  const id = protocol.networkInteger(4, 2) ?? protocol.networkInteger(7, 2);
  const type = protocol.networkInteger(5, 1) ?? protocol.networkInteger(8, 1);
  const code = protocol.networkInteger(6, 1) ?? protocol.networkInteger(9, 1);
  return id === undefined && type === undefined && code === undefined ? undefined : { id, type, code };
}

function decodeCounters(attributes: NetlinkAttributes | undefined): ConntrackCounters | undefined {
  if (attributes === undefined) return undefined;
  return { packets: attributes.networkInteger64(1), bytes: attributes.networkInteger64(2) };
}
