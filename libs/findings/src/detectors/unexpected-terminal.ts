import { detector } from '../detector.ts';
import { descriptorEvidence } from '../connections.ts';
import { isProgram, named } from '../programs.ts';

export const unexpectedTerminal = detector({
  id: 'unexpected-terminal',
  signal: 'S21',
  title: 'Interactive shell on a terminal that the container was not given',
  version: 1,
  techniques: ['T1059.004', 'T1609'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'script, tmux and screen, where somebody works in the container on purpose',
  *detect({ snapshot, processes }) {
    if (snapshot.container.terminal !== false) return;
    for (const process of snapshot.processes) {
      if (!isProgram(process, 'shell')) continue;
      const terminal = process.descriptors.find(({ fd, file }) => fd <= 2 && file.type === 'TTY' && /^\/dev\/(?:pts\/\d+|tty\d*)$/.test(file.name));
      if (terminal === undefined) continue;
      const holder = processes.get(process.ppid);
      const multiplexer = holder !== undefined && /^(?:tmux|screen|script|dtach|sshd|login)/.test(holder.comm);
      yield {
        pid: process.pid,
        summary: `${named(process)} works on ${terminal.file.name}, a terminal made inside a container that has none${holder === undefined ? '' : `; ${named(holder)} holds the other end`}`,
        confidence: multiplexer ? 'low' : 'medium',
        evidence: [descriptorEvidence(process, terminal)],
        key: `tty ${process.pid}`,
      };
    }
  },
});
