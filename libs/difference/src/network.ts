import { splitCriuLock } from '@icecore/linux';
import type { ContainerSnapshot, Network } from '@icecore/snapshot';
import { compareFields, type FieldChange } from './fields.ts';
import type { NotCompared } from './not-compared.ts';
import { type Changes, inTextOrder, pairUp } from './pairing.ts';

/** A rule set as text that is another; lines that only one side has, in its order. */
export interface RulesChange {
  readonly rules: 'iptables' | 'ip6tables' | 'nftables';
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** The lines that both sides have stand in another order: the first rule that matches decides. */
  readonly reordered: boolean;
}

export interface InterfaceChange {
  readonly name: string;
  readonly fields: readonly FieldChange[];
}

export interface NetworkDifference {
  readonly interfaces: Changes<string, InterfaceChange>;
  /** Addresses that the engine's metadata gives the container, as `interface address`. */
  readonly addresses: Changes<string, never>;
  readonly rules: readonly RulesChange[];
}

/** Interfaces and rules are compared where both dumps have the network namespace; else `notCompared` says so. */
export function compareNetworks(before: ContainerSnapshot, after: ContainerSnapshot, notCompared: NotCompared[]): NetworkDifference {
  const missing = ([['before', before], ['after', after]] as const).filter(([, { network }]) => !network.dumped);
  notCompared.push(
    ...missing.map(([side]) => ({ side, subject: 'network interfaces and rules', reason: 'the network namespace is not part of the dump' })),
  );
  const addresses = pairUp(addressesOf(before.network), addressesOf(after.network), [(text) => text]);
  const comparable = missing.length === 0;
  return {
    interfaces: comparable ? compareInterfaces(before.network, after.network) : { added: [], removed: [], changed: [] },
    addresses: { added: [...addresses.added].sort(inTextOrder), removed: [...addresses.removed].sort(inTextOrder), changed: [] },
    rules: comparable ? (['iptables', 'ip6tables', 'nftables'] as const).flatMap((rules) => compareRules(rules, before.network, after.network)) : [],
  };
}

function compareInterfaces(before: Network, after: Network): Changes<string, InterfaceChange> {
  const { pairs, added, removed } = pairUp(before.interfaces, after.interfaces, [({ name }) => name]);
  return {
    added: added.map(({ name }) => name).sort(inTextOrder),
    removed: removed.map(({ name }) => name).sort(inTextOrder),
    changed: pairs
      .map(([was, is]) => ({ name: was.name, fields: compareFields({ ...was, mac: was.mac ?? null }, { ...is, mac: is.mac ?? null }) }))
      .filter(({ fields }) => fields.length > 0)
      .sort((a, b) => inTextOrder(a.name, b.name)),
  };
}

function compareRules(rules: RulesChange['rules'], before: Network, after: Network): RulesChange[] {
  const was = linesOf(before[rules]);
  const is = linesOf(after[rules]);
  const { added, removed } = pairUp(was, is, [(line) => line]);
  const common = (lines: readonly string[], only: readonly string[]): string => {
    const left = new Map<string, number>();
    for (const line of only) left.set(line, (left.get(line) ?? 0) + 1);
    const take = (line: string): boolean => {
      const count = left.get(line) ?? 0;
      left.set(line, count - 1);
      return count > 0;
    };
    // The last of equal lines are those without a partner.
    return lines.toReversed().filter((line) => !take(line)).join('\n');
  };
  const reordered = common(was, removed) !== common(is, added);
  return added.length + removed.length > 0 || reordered ? [{ rules, added, removed, reordered }] : [];
}

/** Lines that rule: no comments, no lock of the dump itself, and no counters, which every packet moves. */
function linesOf(text: string): string[] {
  const { ruleset } = splitCriuLock(text);
  return ruleset
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => line.replace(/\[\d+:\d+\]/g, '').replace(/counter packets \d+ bytes \d+/g, 'counter').trimEnd());
}

function addressesOf({ assigned }: Network): string[] {
  return assigned.map(({ interface: name, address }) => `${name} ${address}`.trim());
}
