import { scenario } from '../scenario.ts';

export const startHooks = scenario({
  id: '78-start-hooks',
  about: 'What runs with Python, a login, a shell and the message of the day.',
  container: { command: ['bash', '/srv/lab/start-hooks.sh'] },
  expected: [
    { signal: 'S44', path: '/usr/lib/python3/dist-packages/zz-compat.pth' },
    { signal: 'S45', path: '/usr/lib/x86_64-linux-gnu/security/pam_locale.so' },
    { signal: 'S43', path: '/etc/bash.bashrc' },
    { signal: 'S42', path: '/etc/update-motd.d/98-news' },
  ],
  also: ['S50'],
  unseen: true,
});
