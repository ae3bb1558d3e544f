import { spawnSync } from 'node:child_process';
import { hasTool, missingForLab } from './missing.ts';

const isRoot = process.getuid?.() === 0;

/** What a process finds missing that came by `setpriv` with these words. */
function missingTo(...words: string[]): readonly string[] {
  const script = `import { missingForLab } from ${JSON.stringify(new URL('missing.ts', import.meta.url).href)}; console.log(JSON.stringify(missingForLab()));`;
  const { stdout, stderr, status } = spawnSync('setpriv', [...words, process.execPath, '--disable-warning=ExperimentalWarning', '--experimental-strip-types', '--input-type=module', '--eval', script], { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

(isRoot && hasTool('setpriv') ? it : it.skip)('root who may not mount is told so, in a sentence', () => {
  expect(missingTo('--bounding-set', '-sys_admin', '--inh-caps', '-sys_admin')).toContain('root here lacks CAP_SYS_ADMIN, so nothing can be mounted');
});

it('a user who is not root is told that root is needed', () => {
  const { getuid } = process;
  process.getuid = () => 1000;
  try {
    expect(missingForLab()).toContain(process.platform === 'linux' ? 'it needs root, for namespaces, mounts and CRIU' : `this is ${process.platform}, and CRIU needs Linux`);
  } finally {
    process.getuid = getuid;
  }
});
