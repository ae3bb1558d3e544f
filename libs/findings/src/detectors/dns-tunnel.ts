import { plainAddress, socketEvidence, socketsOf } from '../connections.ts';
import { detector } from '../detector.ts';
import { baseName, commandLineOf, named } from '../programs.ts';

const tools = /^(?:iodine|iodined|dnscat2?|dns2tcp[cd]?|dnstt-client|heyoka|ozymandns|chashell|sliver)/;
/** Sockets to resolvers that one process may have before that is much. */
const manySockets = 20;

export const dnsTunnel = detector({
  id: 'dns-tunnel',
  signal: 'S27',
  title: 'Data over the name service',
  version: 1,
  techniques: ['T1071.004'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'caches of the name service that run in the container',
  *detect(examination) {
    for (const process of examination.snapshot.processes) {
      const name = [process.executable?.name, process.comm].map((each) => baseName(each ?? '')).find((each) => tools.test(each));
      const queries = socketsOf(process, examination).filter(({ socket }) => socket.type === 'SOCK_DGRAM' && socket.remote?.port === 53);
      const many = queries.length >= manySockets && !/^(?:dnsmasq|coredns|unbound|named|systemd-resolve|nscd|kube-dns)/.test(process.comm);
      if (name === undefined && !many) continue;
      const [first] = queries;
      yield {
        pid: process.pid,
        summary: name === undefined ? `${named(process)} has ${queries.length} sockets to name servers${first?.socket.remote === undefined ? '' : ` such as ${plainAddress(first.socket.remote.address)}`}` : `${named(process)} is ${name}, which carries data over the name service`,
        confidence: name === undefined ? 'medium' : 'high',
        evidence: [first === undefined ? { what: 'command line', pid: process.pid, value: commandLineOf(process), image: `mm-${process.pid}.img` } : socketEvidence(process, first)],
        key: `dns ${process.pid}`,
      };
    }
  },
});
