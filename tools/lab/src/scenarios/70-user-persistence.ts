import { scenario } from '../scenario.ts';

export const userPersistence = scenario({
  id: '70-user-persistence',
  about: 'A unit of one user, a job of at, a profile and a right of sudo.',
  container: { command: ['bash', '/srv/lab/user-persistence.sh'] },
  expected: [
    { signal: 'S42', path: '/root/.config/systemd/user/dbus-helper.service' },
    { signal: 'S41', path: '/var/spool/cron/atjobs/a00001019c5a3e' },
    { signal: 'S43', path: '/root/.bash_profile' },
    { signal: 'S49', path: '/etc/sudoers.d/10-daemon' },
  ],
  unseen: true,
});
