import { fileOf, processOf, threadOf } from '@icecore/snapshot/test-support';
import type { Socket } from '@icecore/snapshot';
import { domainHit, inMemory, keywordHit, open, started, tcp } from '../examination.test-support.ts';
import { answers } from './answers.test-support.ts';
import { cryptominer } from './cryptominer.ts';
import { dnsTunnel } from './dns-tunnel.ts';
import { networkScan } from './network-scan.ts';
import { packetSocket, socketFilter } from './packet-socket.ts';
import { remoteAccessTool } from './remote-access-tool.ts';
import { tunnel } from './tunnel.ts';
import { unusualConnection } from './unusual-connection.ts';

answers(cryptominer, [
  ['a miner by its name', { processes: [started(24, '/usr/bin/sleep', ['xmrig', '36002'])] }, ['24 high']],
  ['a miner by what it was told, under another name', { processes: [started(24, '/opt/a', ['a', '-o', 'stratum+tcp://pool.invalid:3333', '-u', 'x'])] }, ['24 high']],
  ['a hidden miner', { processes: [started(24, '/tmp/.xmrig', ['[kworker/0:1]'])] }, ['24 high']],
  ['with less confidence an address of a pool in memory', { processes: [processOf(1)], hits: [keywordHit('miner', 'stratum+tcp://', inMemory(1, 0x1000n))] }, ['1 low']],
  ['a miner’s address and its connection', { processes: [processOf(1, { descriptors: open([3], 40) })], sockets: [tcp(40, '203.0.113.7:3333')], hits: [keywordHit('miner', 'stratum+tcp://', inMemory(1, 0x1000n))] }, ['1 high']],
  ['a scanner’s own rules', { processes: [processOf(1)], hits: [keywordHit('miner', 'stratum+tcp://', inMemory(1, 0x1000n), { ruleCorpus: true })] }, []],
  ['Falco', { processes: [started(1, '/usr/bin/falco', ['falco'])], hits: [keywordHit('miner', 'stratum+tcp://', inMemory(1, 0x1000n))] }, []],
  ['with less confidence many threads that run when nobody else does', { processes: [processOf(1, { threads: Array.from({ length: 4 }, (_, i) => ({ ...threadOf(i + 1), scheduling: { policy: 'SCHED_IDLE', priority: 0, nice: 19 } })) })] }, ['1 low']],
  ['with less confidence words of two parts of a miner', { processes: [processOf(1)], hits: [keywordHit('miner', '"algo": "rx/', inMemory(1, 0x1000n)), keywordHit('miner', '"seed_hash"', inMemory(1, 0x2000n))] }, ['1 low']],
  ['the same with a connection, whatever its port', { processes: [processOf(1, { descriptors: open([3], 40) })], sockets: [tcp(40, '203.0.113.7:443')], hits: [keywordHit('miner', '"algo": "rx/', inMemory(1, 0x1000n)), keywordHit('miner', '"seed_hash"', inMemory(1, 0x2000n))] }, ['1 medium']],
  ['words of three parts', { processes: [processOf(1)], hits: ['mining.submit', 'cryptonight', 'nicehash'].map((word) => keywordHit('miner', word, inMemory(1, 0x1000n))) }, ['1 medium']],
  ['two names of algorithms', { processes: [processOf(1)], hits: ['randomx', 'cryptonight'].map((word) => keywordHit('miner', word, inMemory(1, 0x1000n))) }, []],
  ['words of two processes', { processes: [processOf(1), processOf(2)], hits: [keywordHit('miner', 'randomx', inMemory(1, 0x1000n)), keywordHit('miner', '"seed_hash"', inMemory(2, 0x2000n))] }, []],
  ['a word that says nothing alone', { processes: [processOf(1)], hits: [keywordHit('miner', 'randomx', inMemory(1, 0x1000n))] }, []],
]);

answers(unusualConnection, [
  ['a program of /tmp with a connection', { sockets: [tcp(40, '10.0.0.9:443')], processes: [started(5, '/tmp/agent', ['agent'], { descriptors: open([3], 40) })] }, ['5 high']],
  ['a program in memory with a connection', { sockets: [tcp(40, '203.0.113.7:443')], processes: [processOf(5, { executable: fileOf('/memfd:x', { type: 'MEMFD' }), descriptors: open([3], 40) })] }, ['5 high']],
  ['netcat to the internet', { sockets: [tcp(40, '203.0.113.7:80')], processes: [started(5, '/usr/bin/nc', ['nc'], { descriptors: open([3], 40) })] }, ['5 medium']],
  ['a raw socket', { sockets: [tcp(40, undefined, { type: 'SOCK_RAW', protocol: 'IPPROTO_ICMP', state: 'CLOSE' })], processes: [started(5, '/opt/a', ['a'], { descriptors: open([3], 40) })] }, ['5 medium']],
  ['a server that was updated in place, and its clients', { sockets: [tcp(40, '203.0.113.7:51234')], processes: [processOf(5, { executable: fileOf('/usr/sbin/nginx', { deleted: true }), descriptors: open([3], 40) })] }, []],
  ['a server and its clients', { sockets: [tcp(40, '203.0.113.7:51234')], processes: [started(5, '/usr/sbin/nginx', ['nginx'], { descriptors: open([3], 40) })] }, []],
  ['curl within the cluster', { sockets: [tcp(40, '10.96.0.1:443')], processes: [started(5, '/usr/bin/curl', ['curl'], { descriptors: open([3], 40) })] }, []],
  ['ping', { sockets: [tcp(40, undefined, { type: 'SOCK_RAW', state: 'CLOSE' })], processes: [started(5, '/usr/bin/ping', ['ping'], { descriptors: open([3], 40) })] }, []],
]);

const many = (count: number, parts: (i: number) => Partial<Socket>): { sockets: Socket[]; fds: ReturnType<typeof open> } => {
  const ids = Array.from({ length: count }, (_, i) => 100 + i);
  return { sockets: ids.map((id, i) => tcp(id, `10.0.${i >> 8}.${(i & 255) + 1}:80`, parts(i))), fds: ids.flatMap((id, i) => open([10 + i], id)) };
};
const toResolver = (): Partial<Socket> => ({ type: 'SOCK_DGRAM', protocol: 'IPPROTO_UDP', state: 'ESTABLISHED', remote: { address: '198.51.100.53', port: 53 } });
const [asked, once, calls, few] = [many(25, toResolver), many(1, toResolver), many(40, () => ({ state: 'SYN_SENT' })), many(40, () => ({ state: 'ESTABLISHED' }))];

const encoded = (i: number): string => `${i}.mzxw6ytboi${i}ezdg5dfnz2ge33pnv3gk4tz4q.onqw2zjanfxw4z3foi2dk.t.example.com`;
const [names, digests, service] = [encoded, (i: number) => `d${i}41d8cd98f00b204e9800998ecf8427e0a1b2c3d4.cloudfront.net`, (i: number) => `cart-${i}.shop.svc.example.com`].map((name) => Array.from({ length: 12 }, (_, i) => domainHit(name(i), inMemory(5, 0x1000n))));

answers(dnsTunnel, [
  ['names that hold data, in a process that asks a name server', { sockets: once.sockets, processes: [started(5, '/opt/a', ['a'], { descriptors: once.fds })], hits: names }, ['5 high']],
  ['names that hold data', { processes: [started(5, '/opt/a', ['a'])], hits: names }, ['5 medium']],
  ['a few such names', { processes: [started(5, '/opt/a', ['a'])], hits: names?.slice(0, 5) }, []],
  ['such names in a cache of the name service', { processes: [started(5, '/usr/sbin/unbound', ['unbound'])], hits: names }, []],
  ['names that a cloud draws by lot', { processes: [started(5, '/opt/a', ['a'])], hits: digests }, []],
  ['names of services', { processes: [started(5, '/opt/a', ['a'])], hits: service }, []],
  ['a tool that carries data over the name service', { processes: [started(5, '/usr/sbin/iodine', ['iodine', 't.example'])] }, ['5 high']],
  ['many sockets to a resolver', { sockets: asked.sockets, processes: [started(5, '/opt/a', ['a'], { descriptors: asked.fds })] }, ['5 medium']],
  ['a cache of the name service', { sockets: asked.sockets, processes: [started(5, '/usr/sbin/dnsmasq', ['dnsmasq'], { descriptors: asked.fds })] }, []],
  ['one question', { sockets: once.sockets, processes: [started(5, '/opt/a', ['a'], { descriptors: once.fds })] }, []],
]);

answers(networkScan, [
  ['a scanner by its name', { processes: [started(5, '/usr/bin/nmap', ['nmap', '-sS', '10.0.0.0/24'])] }, ['5 high']],
  ['calls to many hosts at once', { sockets: calls.sockets, processes: [started(5, '/usr/bin/python3', ['python3', 's.py'], { descriptors: calls.fds })] }, ['5 medium']],
  ['a server with many clients', { sockets: few.sockets, processes: [started(5, '/usr/sbin/nginx', ['nginx'], { descriptors: few.fds })] }, []],
  ['a client that waits for one host', { sockets: calls.sockets.slice(0, 1), processes: [started(5, '/opt/a', ['a'], { descriptors: calls.fds })] }, []],
]);

answers(tunnel, [
  ['chisel under another name', { processes: [started(5, '/opt/a', ['a', 'client', 'https://203.0.113.7:443', 'R:1080:socks'])] }, ['5 medium']],
  ['frpc', { processes: [started(5, '/tmp/frpc', ['frpc', '-c', 'frpc.toml'])] }, ['5 high']],
  ['ssh that forwards a port', { processes: [started(5, '/usr/bin/ssh', ['ssh', '-NR', '2222:localhost:22', 'a@203.0.113.7'])] }, ['5 high']],
  ['socat between two addresses', { processes: [started(5, '/usr/bin/socat', ['socat', 'TCP-LISTEN:8080,fork', 'TCP:203.0.113.7:80'])] }, ['5 medium']],
  ['a virtual network device', { processes: [started(5, '/opt/a', ['a'], { descriptors: open([3], 9, 'TUNF', '/dev/net/tun') })] }, ['5 medium']],
  ['the device of a mesh', { processes: [started(5, '/usr/sbin/openvpn', ['openvpn'], { descriptors: open([3], 9, 'TUNF', '/dev/net/tun') })] }, []],
  ['ssh that only logs in', { processes: [started(5, '/usr/bin/ssh', ['ssh', 'git@example.org'])] }, []],
  ['a client of another kind', { processes: [started(5, '/usr/bin/mysql', ['mysql', 'client', '--host=db:3306'])] }, []],
]);

const packet = (instructions: number): Socket => tcp(40, undefined, { family: 'AF_PACKET', type: 'SOCK_RAW', state: undefined, local: undefined, options: { boundDevice: undefined, filterInstructions: instructions, mark: undefined, promiscuous: false, shutdown: undefined } });
const listening = { descriptors: open([3], 40, 'PACKETSK') };

answers(socketFilter, [
  ['a filter on a packet socket', { sockets: [packet(12)], processes: [started(5, '/opt/a', ['a'], listening)] }, ['5 high']],
  ['with less confidence a DHCP client’s', { sockets: [packet(12)], processes: [started(5, '/sbin/dhclient', ['dhclient'], listening)] }, ['5 low']],
  ['a packet socket without a filter', { sockets: [packet(0)], processes: [started(5, '/opt/a', ['a'], listening)] }, []],
  ['a filter on a TCP socket', { sockets: [tcp(40, '10.0.0.9:80', { options: packet(4).options })], processes: [started(5, '/opt/a', ['a'], { descriptors: open([3], 40) })] }, []],
]);

answers(packetSocket, [
  ['a packet socket', { sockets: [packet(0)], processes: [started(5, '/usr/bin/python3', ['python3'], listening)] }, ['5 high']],
  ['with less confidence an agent of the network', { sockets: [packet(0)], processes: [started(5, '/opt/cilium-agent', ['cilium-agent'], listening)] }, ['5 low']],
  ['one that takes what is meant for others', { sockets: [{ ...packet(0), options: { ...packet(0).options, promiscuous: true } }], processes: [started(5, '/usr/bin/python3', ['python3'], listening)] }, ['5 high']],
  ['a packet socket that no process holds', { sockets: [packet(0)], processes: [started(5, '/opt/a', ['a'])] }, []],
  ['a TCP socket', { sockets: [tcp(40, '10.0.0.9:80')], processes: [started(5, '/opt/a', ['a'], { descriptors: open([3], 40) })] }, []],
]);

answers(remoteAccessTool, [
  ['a tool for remote control', { processes: [processOf(1), started(5, '/opt/tmate', ['tmate'])] }, ['5 high']],
  ['an SSH server beside the application', { processes: [processOf(1), started(5, '/usr/sbin/dropbear', ['dropbear', '-p', '2222'])] }, ['5 high']],
  ['with less confidence a container whose purpose it is', { container: { command: ['/usr/sbin/sshd', '-D'] }, processes: [started(1, '/usr/sbin/sshd', ['sshd'])] }, ['1 low']],
  ['an SSH client', { processes: [processOf(1), started(5, '/usr/bin/ssh', ['ssh', 'git@example.org'])] }, []],
  ['a session of the SSH server, which is told once', { processes: [processOf(1), processOf(4), started(5, '/usr/sbin/sshd', ['sshd: root@pts/0'], { ppid: 4 })] }, []],
]);
