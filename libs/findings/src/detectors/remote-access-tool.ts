import { detector } from '../detector.ts';
import { baseName, commandLineOf, named } from '../programs.ts';

const servers = /^(?:sshd|dropbear|telnetd|in\.telnetd|shellinaboxd|ttyd|gotty|wetty)$/;
const tools = /^(?:tmate|gs-netcat|gsocket|meshagent|anydesk|teamviewerd?|rustdesk|sliver-client|mythic|merlin|poseidon|meterpreter|mettle|pupy|empire|havoc)$/i;

export const remoteAccessTool = detector({
  id: 'remote-access-tool',
  signal: 'S70',
  title: 'Remote access to the container',
  version: 1,
  techniques: ['T1219', 'T1021.004'],
  severity: 'medium',
  category: 'attack',
  needs: [],
  falsePositives: 'bastions and development containers, where it is the purpose; then it is the container’s first process',
  *detect({ snapshot }) {
    const purpose = new Set(snapshot.container.command.map(baseName));
    for (const process of snapshot.processes) {
      const names = [process.executable?.name ?? '', process.comm].map(baseName);
      const tool = names.find((name) => tools.test(name));
      const server = names.find((name) => servers.test(name));
      const name = tool ?? server;
      if (name === undefined) continue;
      const expected = process.pid === 1 || purpose.has(name) || process.ppid !== 1;
      if (tool === undefined && process.ppid !== 0 && process.ppid !== 1) continue;
      yield {
        pid: process.pid,
        summary: `${named(process)} gives access to the container from outside`,
        confidence: tool !== undefined ? 'high' : expected ? 'low' : 'high',
        ...(tool === undefined ? {} : { severity: 'high' as const }),
        evidence: [{ what: 'command line', pid: process.pid, value: commandLineOf(process), image: `mm-${process.pid}.img` }],
        key: `remote ${process.pid}`,
      };
    }
  },
});
