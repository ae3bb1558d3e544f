import { detector } from '../detector.ts';

/** CRIU's words for a process that somebody traces: seize.c where it can read the state, infect.c where it only fails. */
export const tracedWords = /Unseizable non-zombie (\d+) found.*state t|zombie (\d+) \(comm .*\) found while seizing/i;

/** Why CRIU refuses a dump, as its log tells it, and what to do. Each can be a trick against being captured. */
export const refusals: readonly { readonly reason: string; readonly pattern: RegExp; readonly words: string; readonly remedy: string }[] = [
  { reason: 'ghost_file', pattern: /Can't dump ghost file.*increase limit|Ghost file.*too big/i, words: 'a deleted file that is still open is larger than the limit', remedy: 'raise --ghost-limit in /etc/criu/runc.conf and try again' },
  { reason: 'ptrace', pattern: tracedWords, words: 'a process is being traced', remedy: 'end the tracer, or take the node’s view of the process' },
  { reason: 'io_uring', pattern: /io_uring|send_fds.*-22|\[io_uring\]/i, words: 'a process uses io_uring', remedy: 'this version of CRIU cannot dump it; take the node’s view' },
  { reason: 'uffd', pattern: /anon_inode:\[userfaultfd\]/i, words: 'a process handles its own page faults (userfaultfd)', remedy: 'CRIU cannot dump it; take the node’s view' },
  { reason: 'perf', pattern: /anon_inode:\[perf_event\]/i, words: 'a process counts hardware events (perf)', remedy: 'CRIU cannot dump it; take the node’s view' },
  { reason: 'bpf', pattern: /anon_inode:\[?bpf[-_](?:prog|map|link)\]?/i, words: 'a process holds BPF programs or maps', remedy: 'CRIU cannot dump it; take the node’s view' },
  { reason: 'secretmem', pattern: /secretmem/i, words: 'a process has memory that nobody else may read (memfd_secret)', remedy: 'CRIU cannot dump it; take the node’s view' },
  { reason: 'tcp_established', pattern: /Connected TCP socket, consider using --tcp-established/i, words: 'there is a live TCP connection and CRIU was not allowed to keep it', remedy: 'set tcp-established in /etc/criu/runc.conf' },
  { reason: 'file_locks', pattern: /Some file locks are hold by dumping tasks/i, words: 'a process holds a lock on a file and CRIU was not allowed to keep it', remedy: 'set file-locks in /etc/criu/runc.conf' },
  { reason: 'inotify', pattern: /Can't (?:dump|restore|open).*inotify|Failed to open.*inotify|irmap: Can't find|can't open.*handle/i, words: 'a file watch leads to a file that cannot be found again', remedy: 'set force-irmap, or end the watcher' },
  { reason: 'network_lock', pattern: /Locking network failed|iptables-restore.*failed/i, words: 'the network could not be locked', remedy: 'install iptables on the node' },
  { reason: 'other', pattern: /Error \([^)]*\): .+|Dumping FAILED/i, words: 'CRIU gave up', remedy: 'read the last errors of dump.log' },
];

export const refusedCapture = detector({
  id: 'refused-capture',
  signal: 'S72',
  title: 'Capture that was refused',
  version: 2,
  techniques: [],
  severity: 'medium',
  category: 'gap',
  needs: ['dump_log'],
  falsePositives: 'programs that use these features for their work',
  *detect({ dumpLog = '' }) {
    if (!/Dumping FAILED|Error \(/.test(dumpLog) || /Dumping finished successfully/.test(dumpLog)) return;
    const lines = dumpLog.split('\n');
    const known = refusals.filter(({ reason, pattern }) => reason !== 'other' && pattern.test(dumpLog));
    for (const found of known.length > 0 ? known : refusals.filter(({ reason }) => reason === 'other')) {
      const line = lines.find((each) => found.pattern.test(each)) ?? '';
      yield { summary: `the container could not be captured: ${found.words}; ${found.remedy}`, confidence: 'high', severity: 'medium', evidence: [{ what: 'log of the dump', path: 'dump.log', value: line.trim().slice(0, 300) }], facts: { reason: `capture.refused.${found.reason}` }, key: found.reason };
    }
  },
});
