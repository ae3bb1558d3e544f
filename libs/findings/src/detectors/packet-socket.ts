import { socketEvidence, socketsOf } from '../connections.ts';
import { detector } from '../detector.ts';
import { named } from '../programs.ts';

const agents = /^(?:dhclient|dhcpcd|udhcpc|systemd-network|NetworkManager|keepalived|calico|cilium|flanneld|kube-router|weave|lldpd|arping|wpa_supplicant|hostapd|suricata|zeek|falco)/;

function make(id: string, signal: string, filtered: boolean, title: string, techniques: readonly string[], severity: 'high' | 'medium', falsePositives: string) {
  return detector({
    id,
    signal,
    title,
    version: 1,
    techniques,
    severity,
    category: 'attack',
    needs: [],
    falsePositives,
    *detect(examination) {
      for (const process of examination.snapshot.processes) {
        for (const held of socketsOf(process, examination)) {
          const { socket } = held;
          const packet = socket.family === 'AF_PACKET';
          const filter = socket.options.filterInstructions > 0 && (packet || socket.type === 'SOCK_RAW');
          if (filtered ? !filter : !packet) continue;
          yield {
            pid: process.pid,
            summary: filtered
              ? `${named(process)} has a ${packet ? 'packet' : 'raw'} socket with a filter of ${socket.options.filterInstructions} instructions, which may wait for a signal`
              : `${named(process)} has a packet socket, by which it sees what passes on the network${socket.options.promiscuous ? ', also what is meant for others' : ''}`,
            confidence: agents.test(process.comm) ? 'low' : 'high',
            evidence: [socketEvidence(process, held)],
            facts: { filter_instructions: String(socket.options.filterInstructions), promiscuous: String(socket.options.promiscuous) },
            key: `${process.pid} ${socket.fileId}`,
          };
        }
      }
    },
  });
}

export const socketFilter = make('socket-filter', 'S29', true, 'Filter on a raw socket', ['T1205.002'], 'high', 'tcpdump, DHCP clients, keepalived');
export const packetSocket = make('packet-socket', 'S30', false, 'Packet socket', ['T1040'], 'medium', 'agents of the cluster’s network, DHCP clients');
