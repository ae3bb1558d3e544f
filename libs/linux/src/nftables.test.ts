import { readFileSync } from 'node:fs';
import { splitCriuLock } from './nftables.ts';

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

const lockTable = `table inet CRIU-1234 {
	set conns4 {
		type ipv4_addr . inet_service . ipv4_addr . inet_service
		elements = { 10.0.0.1 . 80 . 10.0.0.2 . 4000 }
	}

	chain output {
		type filter hook output priority filter; policy accept;
		meta mark 0x0000c114 accept
		ip saddr . tcp sport . ip daddr . tcp dport @conns4 drop
	}

	chain input {
		type filter hook input priority filter; policy accept;
		meta mark 0x0000c114 accept
		ip saddr . tcp sport . ip daddr . tcp dport @conns4 drop
	}
}`;

const own = `table ip nat {
	chain PREROUTING {
		type nat hook prerouting priority dstnat; policy accept;
		tcp dport 22 redirect to :2222
	}
}`;

describe('a ruleset', () => {
  it('loses the chain that CRIU put into it by iptables, and the jumps to it', () => {
    const { ruleset, criuLock } = splitCriuLock(Buffer.from(fixture('criu-lock-nftables.img')).toString());
    expect(ruleset).not.toMatch(/CRIU|c114/);
    expect(ruleset).toContain('table ip6 filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy accept;\n\t}');
    expect(criuLock.match(/meta mark 0x0000c114 counter packets 0 bytes 0 accept/g)).toHaveLength(2);
    expect(criuLock.match(/jump CRIU/g)).toHaveLength(4);
  });

  it('loses the table that CRIU makes by nftables, and keeps the rest as it is', () => {
    expect(splitCriuLock(`${own}\n${lockTable}\n`)).toEqual({ ruleset: `${own}\n`, criuLock: lockTable });
  });

  it('loses the table that drops everything', () => {
    const dropping = `table inet CRIU-7 {
	chain output {
		type filter hook output priority filter; policy drop;
		meta mark 0x0000c114 accept
	}
}`;
    expect(splitCriuLock(dropping)).toEqual({ ruleset: '', criuLock: dropping });
  });

  it.each([
    ['a table', lockTable.replace('@conns4 drop', '@conns4 drop\n\t\ttcp dport 4444 accept')],
    ['a table with a map', lockTable.replace('table inet CRIU-1234 {', 'table inet CRIU-1234 {\n\tmap m {\n\t}\n')],
    ['a table with another chain', lockTable.replace('chain input', 'chain forward')],
    ['a table without the mark', lockTable.replaceAll('0x0000c114', '0x0000c115')],
    ['a chain', 'table ip filter {\n\tchain CRIU {\n\t\tmeta mark 0x0000c114 accept\n\t\ttcp dport 4444 accept\n\t}\n}'],
    ['a chain that nothing closes', 'table ip filter {\n\tchain CRIU {\n\t\tmeta mark 0x0000c114 accept\n\t\tdrop'],
  ])('keeps what hides behind the name: %s', (_, text) => {
    expect(splitCriuLock(text)).toEqual({ ruleset: text, criuLock: '' });
  });

  it.each([
    ['iptables-save', '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n'],
    ['nothing', ''],
    ['rules of the container', own],
  ])('comes back as it is: %s', (_, text) => expect(splitCriuLock(text)).toEqual({ ruleset: text, criuLock: '' }));
});
