import { scenario } from '../scenario.ts';

export const chisel = scenario({
  id: '46-chisel',
  about: 'A program with the arguments of a tunnel under another name.',
  container: { command: ['bash', '-c', 'echo ready; exec -a chisel /srv/lab/bin/idle client https://tunnel.invalid R:socks'] },
  expected: [
    { signal: 'S28', command: /chisel/ },
  ],
  also: ['S15'],
  unseen: true,
});
