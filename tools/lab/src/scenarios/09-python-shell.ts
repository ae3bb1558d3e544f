import { peerAddress, scenario } from '../scenario.ts';

export const pythonShell = scenario({
  id: '09-python-shell',
  about: 'A reverse shell of Python to another container.',
  container: { command: ['python3', '/srv/lab/python-shell.py', peerAddress, '4444'] },
  peer: { command: ['python3', '/srv/lab/listen.py', '4444'] },
  checkpoint: ['--tcp-established'],
  expected: [
    { signal: 'S17', command: /bash/ },
  ],
  also: ['S21'],
  misses: [{ signal: 'S20', reason: 'the shell replaces the interpreter, whose command line named a file' }],
});
