import { scenario } from '../scenario.ts';

export const preloadList = scenario({
  id: '73-preload-list',
  about: 'A library that the linker’s list puts into every program.',
  container: { command: ['bash', '/srv/lab/preload-list.sh'] },
  expected: [
    { signal: 'S40', path: '/etc/ld.so.preload' },
  ],
  unseen: true,
});
