import { DamageError, hex } from '@icecore/bytes';
import { type NameTable } from './names.ts';

const scopes: NameTable = { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' };

const tables: NameTable = { 253: 'default', 254: 'main', 255: 'local' };

const protocols: NameTable = {
  0: 'unspec',
  1: 'redirect',
  2: 'kernel',
  3: 'boot',
  4: 'static',
  8: 'gated',
  9: 'ra',
  10: 'mrt',
  11: 'zebra',
  12: 'bird',
  13: 'dnrouted',
  14: 'xorp',
  15: 'ntk',
  16: 'dhcp',
  17: 'mrouted',
  18: 'keepalived',
  42: 'babel',
  99: 'openr',
  186: 'bgp',
  187: 'isis',
  188: 'ospf',
  189: 'rip',
  192: 'eigrp',
};

/** How far an address or a route's destination reaches: `host`, `link`, `global`; the number where it has no name. */
export function routeScope(scope: number): string {
  return scopes[scope] ?? scope.toString();
}

/** `main` for 254; the number where the table has no name of the kernel's own. */
export function routeTable(table: number): string {
  return tables[table] ?? table.toString();
}

/** Who put a route or a rule there: `kernel`, `static`; the number where it has no name. */
export function routeProtocol(protocol: number): string {
  return protocols[protocol] ?? protocol.toString();
}

/** `inet` or `inet6`; the number for another family. */
export function familyName(family: number): string {
  if (family === 2) return 'inet';
  return family === 10 ? 'inet6' : family.toString();
}

/**
 * `10.0.0.0/8`; `default` for the prefix of no bits, which the kernel sends without an address.
 * `offset` is that of the message, for the `DamageError` where bits are claimed and no address is there.
 */
export function formatPrefix(address: string | undefined, length: number, offset: number): string {
  if (address !== undefined) return `${address}/${length}`;
  if (length === 0) return 'default';
  throw new DamageError('malformed', `prefix of ${length} bits without an address`, { offset });
}

/** A mark in hex, with its mask unless that covers every bit: `0x10/0xff`. */
export function formatMark(mark: number, mask = 0xffff_ffff): string {
  return mask === 0xffff_ffff ? hex(mark) : `${hex(mark)}/${hex(mask)}`;
}
