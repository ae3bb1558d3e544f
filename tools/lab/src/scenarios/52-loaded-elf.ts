import { scenario } from '../scenario.ts';

export const loadedElf = scenario({
  id: '52-loaded-elf',
  about: 'A program laid out in anonymous memory.',
  container: { command: ['python3', '/srv/lab/loaded-elf.py'] },
  expected: [
    { signal: 'S4', command: /loaded-elf/ },
  ],
  also: ['S6'],
  unseen: true,
});
