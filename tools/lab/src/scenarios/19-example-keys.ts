import { scenario } from '../scenario.ts';

export const exampleKeys = scenario({
  id: '19-example-keys',
  about: 'The example credentials of a manual: no finding.',
  container: {
    command: ['/bin/sh', '-c', 'echo ready; exec sleep 3600'],
    environment: { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' },
  },
  expected: [],
  negative: true,
});
