import { isInet, socketEvidence, socketsOf } from '../connections.ts';
import { detector } from '../detector.ts';
import { commandLineOf, named, namesOf } from '../programs.ts';

/** Hosts that one process may be calling at once before that is a scan. */
const manyHosts = 30;
const scanners = new Set(['nmap', 'masscan', 'zmap', 'fscan', 'rustscan', 'naabu', 'zgrab', 'unicornscan', 'hping']);

export const networkScan = detector({
  id: 'network-scan',
  signal: 'S31',
  title: 'Scan of the network',
  version: 1,
  techniques: ['T1046'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'crawlers and load balancers, which talk to many hosts',
  *detect(examination) {
    for (const process of examination.snapshot.processes) {
      const scanner = namesOf(process).find((name) => scanners.has(name));
      const calling = socketsOf(process, examination).filter(({ socket }) => isInet(socket) && socket.state === 'SYN_SENT');
      const hosts = new Set(calling.map(({ socket }) => socket.remote?.address));
      if (scanner === undefined && hosts.size < manyHosts) continue;
      const [first] = calling;
      yield {
        pid: process.pid,
        summary: scanner === undefined ? `${named(process)} is calling ${hosts.size} hosts at once` : `${named(process)} is ${scanner}, a scanner`,
        confidence: scanner === undefined ? 'medium' : 'high',
        evidence: [first === undefined ? { what: 'command line', pid: process.pid, value: commandLineOf(process), image: `mm-${process.pid}.img` } : socketEvidence(process, first)],
        key: `scan ${process.pid}`,
      };
    }
  },
});
