import { valuesOf } from '@icecore/snapshot';
import { descriptorEvidence } from '../connections.ts';
import { detector } from '../detector.ts';
import { baseName, commandLineOf, named, plainProgramName } from '../programs.ts';

const tunnels = /^(?:chisel|frpc|frps|ligolo\w*|gost|cloudflared|ngrok|rathole|bore|revsocks|sshuttle|proxychains\d?|gs-netcat|wstunnel|tinyproxy|microsocks|3proxy|dante|ssf|plink|autossh|inlets|tor|i2pd|headscale|tailscaled?|nps|npc|earthworm|ew_linux\w*|iox|stowaway\w*|venom\w*|pingtunnel|udp2raw|hans|ptunnel)$/i;
const chiselWords = /(?:^|\s)(?:client|server)\s.*(?:R:|\d+:[\w.]+:\d+|socks)/;
const socatWords = /(?:TCP|UDP|OPENSSL|SSL|SOCKS\w*)[\w-]*:[\w.[\]-]+/i;
const meshes = /^(?:envoy|istio|linkerd|pilot-agent|cilium|wireguard|openvpn|kube-proxy|vpnkit)/;

export const tunnel = detector({
  id: 'tunnel',
  signal: 'S28',
  title: 'Tunnel out of the container',
  version: 1,
  techniques: ['T1572', 'T1090'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'service meshes and VPN containers, where a tunnel is the work',
  *detect({ snapshot }) {
    for (const process of snapshot.processes) {
      const words = valuesOf(process.arguments);
      const line = commandLineOf(process);
      const names = [process.executable?.name, words[0], process.comm].flatMap((name) => (name === undefined ? [] : [plainProgramName(name)]));
      const known = names.find((name) => tunnels.test(name));
      const ssh = names.includes('ssh') && words.some((word) => /^-[A-Za-z]*[RLDw]/.test(word));
      const chisel = known === undefined && chiselWords.test(line) && /https?:\/\/|:\d{2,5}/.test(line);
      const socat = names.includes('socat') && (line.match(new RegExp(socatWords, 'gi'))?.length ?? 0) >= 2;
      if (known !== undefined || ssh || socat || chisel) {
        yield {
          pid: process.pid,
          summary: `${named(process)} carries connections elsewhere${known === undefined ? '' : ` (${known})`}`,
          confidence: known !== undefined || ssh ? 'high' : 'medium',
          evidence: [{ what: 'command line', pid: process.pid, value: line, image: `mm-${process.pid}.img` }],
          key: `tunnel ${process.pid}`,
        };
      }
      const device = process.descriptors.find(({ file }) => file.type === 'TUNF');
      if (device !== undefined && !meshes.test(baseName(process.comm))) {
        yield {
          pid: process.pid,
          summary: `${named(process)} has a virtual network device (${device.file.name})`,
          confidence: 'medium',
          evidence: [descriptorEvidence(process, device)],
          key: `tun ${process.pid}`,
        };
      }
    }
  },
});
