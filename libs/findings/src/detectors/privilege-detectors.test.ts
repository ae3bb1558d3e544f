import { credentialsOf, processOf, threadOf } from '@icecore/snapshot/test-support';
import type { NamespaceIds, Process, Specification } from '@icecore/snapshot';
import { started } from '../examination.test-support.ts';
import { answers } from './answers.test-support.ts';
import { gainedPrivileges } from './gained-privileges.ts';
import { ownNamespace } from './own-namespace.ts';
import { undumpableProcess } from './undumpable-process.ts';

const user = credentialsOf({ uid: 1000, euid: 1000, suid: 1000, fsuid: 1000 });
const specification: Specification = {
  capabilities: { bounding: ['CAP_CHOWN'], effective: ['CAP_CHOWN'] },
  noNewPrivileges: false,
  apparmorProfile: undefined,
  selinuxLabel: undefined,
  seccomp: true,
  maskedPaths: [],
  readonlyPaths: [],
  readonlyRoot: false,
  namespaces: new Map(),
  devices: [],
  allDevices: false,
  uid: undefined,
};
const filtered = (pid: number, mode: string): Partial<Process> => ({ threads: [threadOf(pid, { seccomp: { mode, filter: undefined } })] });

const namespaces = (parts: Partial<NamespaceIds> = {}): NamespaceIds => ({ pid: 9, net: 10, ipc: 11, uts: 12, mnt: 13, user: 7, cgroup: 8, time: 5, ...parts });

answers(gainedPrivileges, [
  ['root below a user', { processes: [processOf(1, { credentials: user }), started(5, '/bin/sh', ['sh'])] }, ['5 high']],
  ['capabilities that the container was not given', { container: { specification }, processes: [processOf(1, { credentials: credentialsOf({}, ['CAP_CHOWN', 'CAP_SYS_ADMIN']) })] }, ['1 high']],
  ['a process that got out of the filter', { container: { specification }, processes: [processOf(1, filtered(1, 'filter')), processOf(5, filtered(5, 'disabled'))] }, ['5 high']],
  ['a sandbox in a user namespace of its own', { container: { specification }, processes: [processOf(1, { namespaces: namespaces() }), processOf(5, { namespaces: namespaces({ user: 30 }), credentials: credentialsOf({}, ['CAP_SYS_ADMIN']) })] }, []],
  ['sudo', { processes: [processOf(1, { credentials: user }), started(5, '/usr/bin/sudo', ['sudo', 'id'])] }, []],
  ['a user below root', { processes: [processOf(1), processOf(5, { credentials: user })] }, []],
  ['what the specification allows', { container: { specification }, processes: [processOf(1, { credentials: credentialsOf({}, ['CAP_CHOWN']) })] }, []],
  ['a container without a filter', { container: { specification }, processes: [processOf(1, filtered(1, 'disabled')), processOf(5, filtered(5, 'disabled'))] }, []],
]);

const first = processOf(1, { namespaces: namespaces() });

answers(ownNamespace, [
  ['a process that made a mount namespace', { processes: [first, started(5, '/usr/bin/sleep', ['sleep'], { namespaces: namespaces({ mnt: 14 }) })] }, ['5 medium']],
  ['with less confidence a browser’s sandbox', { processes: [first, started(5, '/opt/chrome', ['chrome'], { namespaces: namespaces({ user: 20, net: 21 }) })] }, ['5 low']],
  ['a child of one that was told', { processes: [first, started(5, '/bin/a', ['a'], { namespaces: namespaces({ mnt: 14 }) }), started(6, '/bin/b', ['b'], { ppid: 5, namespaces: namespaces({ mnt: 14 }) })] }, ['5 medium']],
  ['processes of one container', { processes: [first, processOf(5, { namespaces: namespaces() })] }, []],
  ['a dump that does not say', { processes: [first, processOf(5)] }, []],
]);

answers(undumpableProcess, [
  ['a program that forbade it', { processes: [started(5, '/opt/a', ['a'], { dumpable: 0 })] }, ['5 medium']],
  ['an agent that keeps keys', { processes: [started(5, '/usr/bin/ssh-agent', ['ssh-agent'], { dumpable: 0 })] }, []],
  ['a process that changed its user', { processes: [processOf(1), started(5, '/opt/a', ['a'], { dumpable: 0, credentials: user })] }, []],
  ['an ordinary process', { processes: [started(5, '/opt/a', ['a'], { dumpable: 1 })] }, []],
]);
