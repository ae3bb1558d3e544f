import { scenario } from '../scenario.ts';

export const persistence = scenario({
  id: '45-persistence',
  about: 'Units, timers, crontabs, profiles, sudoers, PAM, Python start-up and the linker’s list.',
  container: { command: ['bash', '/srv/lab/persistence.sh'] },
  expected: [
    { signal: 'S42', path: '/etc/systemd/system/agentd.service' },
    { signal: 'S41', path: '/var/spool/cron/crontabs/root' },
    { signal: 'S43', path: '/etc/profile.d/zz-agent.sh' },
    { signal: 'S49', path: '/etc/sudoers.d/app' },
    { signal: 'S45', path: '/etc/pam.d/sudo' },
    { signal: 'S44' },
    { signal: 'S40', path: '/etc/ld.so.preload' },
    { signal: 'S46', path: '/home/app/.ssh/authorized_keys' },
  ],
  unseen: true,
});
