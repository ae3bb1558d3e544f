import { scenario } from '../scenario.ts';

export const javaServer = scenario({
  id: '80-java-server',
  about: 'A Java server with workers, which runs a command for its work.',
  container: { command: ['java', '-Xmx64m', '/srv/lab/JobServer.java'] },
  expected: [],
  negative: true,
  unseen: true,
});
