import { flagNames, type FlagTable } from './flags.ts';
import { nameOf, type NameTable } from './names.ts';
import { decodeNetlinkDump, decodeRecords, netlinkMagic, type NetlinkMessage, type NetlinkRecords } from './netlink.ts';
import { type NetlinkAttribute, type NetlinkAttributes, openMessage, wrongLength } from './netlink-attributes.ts';
import { familyName, formatMark, formatPrefix, routeProtocol, routeTable } from './netlink-names.ts';

/** Two numbers, both inside. */
export interface NumberRange {
  readonly start: number;
  readonly end: number;
}

/** A rule that picks a routing table. Undefined selectors match every packet. */
export interface NetworkRule {
  /** `inet` or `inet6`. */
  readonly family: string;
  /** Lower goes first. */
  readonly priority: number;
  /** `table`, `goto`, `nop`, `blackhole`, `unreachable` or `prohibit`. */
  readonly action: string;
  /** The table that is looked up; undefined for other actions. */
  readonly table?: string;
  /** Priority of the rule that `goto` leads to. */
  readonly goto?: number;
  readonly source?: string;
  readonly destination?: string;
  readonly inputInterface?: string;
  readonly outputInterface?: string;
  /** In hex, with its mask unless that covers every bit: `0x10/0xff`. */
  readonly mark?: string;
  /** Type of service; undefined for 0. */
  readonly tos?: number;
  readonly users?: NumberRange;
  readonly ipProtocol?: number;
  readonly sourcePorts?: NumberRange;
  readonly destinationPorts?: NumberRange;
  /** Routes with a prefix of this length or shorter do not count. */
  readonly suppressPrefixLength?: number;
  readonly protocol?: string;
  /** FIB_RULE_* */
  readonly flags: readonly string[];
  readonly message: NetlinkMessage;
  /** Attributes that are not told above. */
  readonly others: readonly NetlinkAttribute[];
}

const actions: NameTable = {
  1: 'table',
  2: 'goto',
  3: 'nop',
  6: 'blackhole',
  7: 'unreachable',
  8: 'prohibit',
};

const flags: FlagTable = [
  ['FIB_RULE_PERMANENT', 0x1],
  ['FIB_RULE_INVERT', 0x2],
  ['FIB_RULE_UNRESOLVED', 0x4],
  ['FIB_RULE_IIF_DETACHED', 0x8],
  ['FIB_RULE_OIF_DETACHED', 0x10],
  ['FIB_RULE_FIND_SADDR', 0x1_0000],
];

/** FRA_* of include/uapi/linux/fib_rules.h. */
const attribute = {
  destination: 1,
  source: 2,
  inputInterface: 3,
  goto: 4,
  priority: 6,
  mark: 10,
  suppressPrefixLength: 14,
  table: 15,
  markMask: 16,
  outputInterface: 17,
  users: 20,
  protocol: 21,
  ipProtocol: 22,
  sourcePorts: 23,
  destinationPorts: 24,
} as const;

const newRule = 32;
const toTable = 1;
const noSuppression = 0xffff_ffff;

/** The rules in a file of `ip rule save`: CRIU's rule-N.img. Never throws for damage: it is in the gaps. */
export function decodeRules(bytes: Uint8Array): NetlinkRecords<NetworkRule> {
  const dump = decodeNetlinkDump(bytes, netlinkMagic.rule);
  return decodeRecords(dump, 'network rule', { [newRule]: decodeRule });
}

function decodeRule(message: NetlinkMessage): NetworkRule {
  const { header, attributes } = openMessage(message, 12);
  const action = header.getUint8(7);
  const table = attributes.integer(attribute.table, 4) ?? header.getUint8(4);
  const suppressed = attributes.integer(attribute.suppressPrefixLength, 4);
  const mark = attributes.integer(attribute.mark, 4);
  const markMask = attributes.integer(attribute.markMask, 4);
  const protocol = attributes.integer(attribute.protocol, 1);
  const tos = header.getUint8(3);
  return {
    family: familyName(header.getUint8(0)),
    priority: attributes.integer(attribute.priority, 4) ?? 0,
    action: nameOf(actions, action, 'action'),
    table: action === toTable ? routeTable(table) : undefined,
    goto: attributes.integer(attribute.goto, 4),
    destination: selector(attributes, attribute.destination, header.getUint8(1), message.offset),
    source: selector(attributes, attribute.source, header.getUint8(2), message.offset),
    inputInterface: attributes.text(attribute.inputInterface),
    outputInterface: attributes.text(attribute.outputInterface),
    mark: mark === undefined ? undefined : formatMark(mark, markMask),
    tos: tos === 0 ? undefined : tos,
    users: range(attributes.attribute(attribute.users), 4),
    ipProtocol: attributes.integer(attribute.ipProtocol, 1),
    sourcePorts: range(attributes.attribute(attribute.sourcePorts), 2),
    destinationPorts: range(attributes.attribute(attribute.destinationPorts), 2),
    suppressPrefixLength: suppressed === noSuppression ? undefined : suppressed,
    protocol: protocol === undefined ? undefined : routeProtocol(protocol),
    flags: flagNames(header.getUint32(8, true), flags),
    message,
    others: attributes.rest(),
  };
}

function selector(attributes: NetlinkAttributes, type: number, length: number, offset: number): string | undefined {
  const address = attributes.address(type);
  return address === undefined && length === 0 ? undefined : formatPrefix(address, length, offset);
}

/** Two integers of `size` bytes each, in the machine's byte order. */
function range(found: NetlinkAttribute | undefined, size: 2 | 4): NumberRange | undefined {
  if (found === undefined) return undefined;
  const { bytes } = found;
  if (bytes.length !== size * 2) throw wrongLength(found, size * 2);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const read = (at: number): number => (size === 2 ? view.getUint16(at, true) : view.getUint32(at, true));
  return { start: read(0), end: read(size) };
}
