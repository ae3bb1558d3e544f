/** A ruleset in two parts, each the lines it consists of in their order. */
export interface SplitRuleset {
  /** What the container's network namespace had. */
  readonly ruleset: string;
  /** What CRIU put there to hold the network still while it dumped; empty where it put nothing. */
  readonly criuLock: string;
}

/** Lines of one table or chain: from the one that opens it to the one that closes it, both inside. */
interface Block {
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

/** CRIU marks its own packets with SOCCR_MARK (soccr/soccr.h). */
const acceptMarked = /^meta mark 0x0000c114 (?:counter packets \d+ bytes \d+ )?accept$/;
const dropAll = /^(?:counter packets \d+ bytes \d+ )?drop$/;
const jump = /^(?:counter packets \d+ bytes \d+ )?jump CRIU$/;
const dropListed = /^(ip6?) saddr \. tcp sport \. \1 daddr \. tcp dport @conns[46] drop$/;
const baseChain = /^type filter hook (?:input|output) priority (?:filter|0); policy (?:accept|drop);$/;

/**
 * Takes CRIU's lock out of the text of `nft list ruleset`: a table `CRIU-…` (criu/netfilter.c), or a chain `CRIU`
 * and the jumps to it, which iptables leaves in the table `filter` (criu/net.c). The name alone does not make a
 * lock: what holds any rule that CRIU does not write stays in the ruleset, so nobody can hide behind the name.
 * Base chains that iptables made for the jumps stay, empty. Text of another kind comes back as it is.
 */
export function splitCriuLock(text: string): SplitRuleset {
  const lines = text.split('\n');
  const lock = new Set<number>();
  for (const table of blocks(lines, 0, lines.length - 1, /^table \S+ (\S+) \{/, '}')) {
    const chains = blocks(lines, table.first + 1, table.last - 1, /^\tchain (\S+) \{/, '\t}');
    if (table.name.startsWith('CRIU-')) {
      const sets = blocks(lines, table.first + 1, table.last - 1, /^\tset (\S+) \{/, '\t}');
      if (isLockTable(lines, table, chains, sets)) mark(lock, table.first, table.last);
      continue;
    }
    const chain = chains.find((found) => found.name === 'CRIU' && isLockChain(lines, found));
    if (chain === undefined) continue;
    mark(lock, chain.first, chain.last);
    if (lines[chain.last + 1] === '') lock.add(chain.last + 1);
    for (let i = table.first; i <= table.last; i++) if (jump.test(rule(lines, i))) lock.add(i);
  }
  const part = (isLock: boolean): string => lines.filter((_, index) => lock.has(index) === isLock).join('\n');
  return { ruleset: part(false), criuLock: part(true) };
}

function mark(lock: Set<number>, first: number, last: number): void {
  for (let i = first; i <= last; i++) lock.add(i);
}

function rule(lines: readonly string[], index: number): string {
  return (lines[index] ?? '').trim();
}

/** Blocks between two lines, whose first line matches and names them; one that nothing closes is left out. */
function blocks(lines: readonly string[], first: number, last: number, opens: RegExp, closes: string): Block[] {
  const found: Block[] = [];
  let open: { name: string; first: number } | undefined;
  for (let i = first; i <= last; i++) {
    const name = opens.exec(lines[i] ?? '')?.[1];
    if (name !== undefined) open = { name, first: i };
    else if (open !== undefined && lines[i] === closes) {
      found.push({ ...open, last: i });
      open = undefined;
    }
  }
  return found;
}

/** The chain of iptables: packets of CRIU's own pass, all others are dropped, nothing else. */
function isLockChain(lines: readonly string[], chain: Block): boolean {
  const rules = rulesOf(lines, chain);
  return rules.length === 2 && acceptMarked.test(rules[0] ?? '') && dropAll.test(rules[1] ?? '');
}

/** The table of nftables: chains `input` and `output` of CRIU's rules, sets of connections, nothing else. */
function isLockTable(lines: readonly string[], table: Block, chains: readonly Block[], sets: readonly Block[]): boolean {
  const inside = [...chains, ...sets];
  const isInside = (i: number): boolean => inside.some((block) => i >= block.first && i <= block.last);
  for (let i = table.first + 1; i < table.last; i++) if (!isInside(i) && rule(lines, i) !== '') return false;
  return (
    chains.length > 0 &&
    chains.every((chain) => ['input', 'output'].includes(chain.name) && isLockBaseChain(rulesOf(lines, chain))) &&
    sets.every((set) => ['conns4', 'conns6'].includes(set.name))
  );
}

function isLockBaseChain(rules: readonly string[]): boolean {
  const isOwn = (text: string): boolean => baseChain.test(text) || acceptMarked.test(text) || dropListed.test(text);
  return rules.every(isOwn) && rules.some((text) => acceptMarked.test(text));
}

function rulesOf(lines: readonly string[], chain: Block): string[] {
  const rules: string[] = [];
  for (let i = chain.first + 1; i < chain.last; i++) rules.push(rule(lines, i));
  return rules;
}
