import { scenario } from '../scenario.ts';

export const execd = scenario({
  id: '22-execd',
  about: 'A process that was started by exec, and so is in no dump.',
  container: { command: ['/bin/sh', '-c', 'echo ready; exec sleep 3600'] },
  act: async (container, lab) => {
    const { status, errors } = await lab.command('podman', ['exec', '--detach', container.name, 'sleep', '5555']);
    if (status !== 0) throw new Error(`exec failed: ${errors}`);
  },
  expected: [
    { signal: 'S22' },
  ],
  also: ['S72'],
});
