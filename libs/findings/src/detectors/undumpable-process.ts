import { detector } from '../detector.ts';
import { named, namesOf } from '../programs.ts';

const keepers = new Set(['ssh-agent', 'gpg-agent', 'gpg', 'vault', 'sshd', 'keyctl', 'dbus-daemon', 'postgres', 'nginx', 'apache2', 'httpd', 'php-fpm', 'su', 'sudo', 'cron', 'crond', 'dovecot', 'named', 'chronyd', 'ping', 'haproxy', 'consul', 'openbao', 'redis-server', 'memcached']);

export const undumpableProcess = detector({
  id: 'undumpable-process',
  signal: 'S66',
  title: 'Process that forbids others to look into it',
  version: 1,
  techniques: ['T1622', 'T1497'],
  severity: 'medium',
  category: 'attack',
  needs: [],
  falsePositives: 'programs that keep keys (agents, vaults), and those that changed their user, which the kernel marks so itself',
  *detect({ snapshot }) {
    for (const process of snapshot.processes) {
      const { dumpable, credentials, pid } = process;
      if (dumpable !== 0 || credentials === undefined) continue;
      // The kernel itself clears the mark of a process that changed its user or came from a setuid program.
      const changed = credentials.uid !== 0 && (process.ppid === 0 || snapshot.processes.some((parent) => parent.pid === process.ppid && parent.credentials?.uid !== credentials.uid));
      if (changed || namesOf(process).some((name) => keepers.has(name))) continue;
      yield {
        pid,
        summary: `${named(process)} has forbidden others to look into its memory`,
        confidence: 'medium',
        evidence: [{ what: 'dumpable', pid, value: String(dumpable), image: `mm-${pid}.img` }],
        key: `dumpable ${pid}`,
      };
    }
  },
});
