import { createHash } from 'node:crypto';
import { type ContainerSnapshot, type Credentials, filterChain, type Process, type ProgramText, type Thread } from '@icecore/snapshot';
import { countOf, type Fields, type FieldValue, fileName } from './fields.ts';

type Filters = ContainerSnapshot['seccompFilters'];

/** What is compared of a process as a whole, and of its main thread. */
export function processFields(process: Process, filters: Filters): Fields {
  const { executable } = process;
  const main = process.threads.find(({ tid }) => tid === process.pid);
  return {
    ppid: process.ppid,
    pgid: process.pgid,
    sid: process.sid,
    comm: process.comm,
    state: process.state ?? null,
    exitCode: process.exitCode ?? null,
    executable: fileName(executable),
    'executable.size': countOf(executable?.size),
    'executable.buildId': executable?.buildId ?? null,
    arguments: argumentsOf(process.arguments),
    cwd: fileName(process.cwd),
    root: fileName(process.root),
    umask: process.umask ?? null,
    ...credentialFields(process.credentials),
    ...seccompFields(main, filters),
  };
}

/** What is compared of a thread besides the main one. */
export function threadFields(thread: Thread, filters: Filters): Fields {
  return { comm: thread.comm, ...credentialFields(thread.credentials), ...seccompFields(thread, filters) };
}

/** Null where the process has no memory of its own; undefined where not all of the arguments could be read. */
export function argumentsOf(text: ProgramText): readonly string[] | null | undefined {
  if (text.state === 'none') return null;
  return text.state === 'captured' ? text.values : undefined;
}

function credentialFields(credentials: Credentials | undefined): Fields {
  const of = (read: (known: Credentials) => FieldValue): FieldValue => (credentials === undefined ? null : read(credentials));
  return {
    uid: of(({ uid }) => uid),
    gid: of(({ gid }) => gid),
    euid: of(({ euid }) => euid),
    egid: of(({ egid }) => egid),
    suid: of(({ suid }) => suid),
    sgid: of(({ sgid }) => sgid),
    fsuid: of(({ fsuid }) => fsuid),
    fsgid: of(({ fsgid }) => fsgid),
    groups: of(({ groups }) => groups),
    secbits: of(({ secbits }) => secbits),
    'capabilities.inheritable': of(({ capabilities }) => capabilities.inheritable.names),
    'capabilities.permitted': of(({ capabilities }) => capabilities.permitted.names),
    'capabilities.effective': of(({ capabilities }) => capabilities.effective.names),
    'capabilities.bounding': of(({ capabilities }) => capabilities.bounding.names),
    'capabilities.ambient': of(({ capabilities }) => capabilities.ambient.names),
    noNewPrivileges: of(({ noNewPrivileges }) => noNewPrivileges ?? null),
    lsmProfile: of(({ lsmProfile }) => lsmProfile ?? null),
  };
}

/** Filters are told by what they do, for their numbers are the dump's own. */
function seccompFields(thread: Thread | undefined, filters: Filters): Fields {
  if (thread === undefined) return { 'seccomp.mode': null, 'seccomp.filters': null };
  const chain = filterChain(filters, thread.seccomp.filter);
  return {
    'seccomp.mode': thread.seccomp.mode,
    'seccomp.filters': chain.map(({ instructions, flags, listing }) => {
      const digest = createHash('sha256').update(listing.join('\n')).digest('hex');
      return `${instructions} instructions, flags ${flags}, listing sha256:${digest}`;
    }),
  };
}
