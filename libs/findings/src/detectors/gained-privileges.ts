import { detector } from '../detector.ts';
import { named, namesOf } from '../programs.ts';

const elevators = new Set(['sudo', 'su', 'doas', 'pkexec', 'docker-init', 'tini', 'gosu', 'su-exec', 'login', 'sshd', 'cron', 'crond', 'newgrp', 'ping', 'mount', 'umount', 'fusermount', 'setpriv']);

export const gainedPrivileges = detector({
  id: 'gained-privileges',
  signal: 'S53',
  title: 'Process with more rights than its parent or its container',
  version: 1,
  techniques: ['T1068'],
  severity: 'critical',
  category: 'attack',
  needs: [],
  falsePositives: 'sudo, su and other programs that raise rights by design',
  *detect({ snapshot, processes }) {
    const allowed = snapshot.container.specification?.capabilities.bounding;
    for (const process of snapshot.processes) {
      const { credentials, pid } = process;
      const parent = processes.get(process.ppid);
      if (credentials === undefined) continue;
      const own = credentials.euid === 0 && parent?.credentials !== undefined && parent.credentials.euid !== 0 && parent.credentials.uid !== 0;
      if (own && !namesOf(process).some((name) => elevators.has(name)) && !namesOf(parent).some((name) => elevators.has(name))) {
        yield {
          pid,
          summary: `${named(process)} is root and was started by ${named(parent)}, which is uid ${parent.credentials?.euid ?? 0}`,
          confidence: 'high',
          evidence: [{ what: 'credentials', pid, value: `euid 0, parent euid ${parent.credentials?.euid ?? 0}`, image: `core-${pid}.img` }],
          key: `uid ${pid}`,
        };
      }
      // In a user namespace of its own a process has every capability over nothing but that.
      const inside = process.namespaces?.user !== processes.get(1)?.namespaces?.user;
      const beyond = allowed === undefined || allowed.length === 0 || inside ? [] : credentials.capabilities.effective.names.filter((name) => !allowed.includes(name));
      if (beyond.length > 0) {
        yield {
          pid,
          summary: `${named(process)} may do what its container may not: ${beyond.join(', ')}`,
          confidence: 'high',
          evidence: [{ what: 'capabilities', pid, value: beyond.join(', '), image: `core-${pid}.img` }],
          key: `capabilities ${pid}`,
        };
      }
      const mode = process.threads[0]?.seccomp.mode;
      if (snapshot.container.specification?.seccomp === true && mode === 'disabled' && pid !== 1 && processes.get(1)?.threads[0]?.seccomp.mode === 'filter') {
        yield {
          pid,
          summary: `${named(process)} has no system call filter in a container that has one`,
          confidence: 'high',
          evidence: [{ what: 'seccomp', pid, value: 'disabled', image: `core-${pid}.img` }],
          key: `seccomp ${pid}`,
        };
      }
    }
  },
});
