import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** For jest: synthesises the stacks once, before the tests that look at them. */
export default function synthesise() {
  const { status, stderr } = spawnSync('node', ['src/synthesise.test-support.ts', 'test-output/synthesised/stacks.json'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    // The checks of CloudFormation's own schema take most of the time; the target `synth` has them.
    env: { ...process.env, CDK_VALIDATION: 'false', NODE_OPTIONS: '', PATH: `${join(import.meta.dirname, '../../node_modules/.bin')}:${process.env.PATH}` },
  });
  if (status !== 0) throw new Error(`the stacks could not be synthesised:\n${stderr}`);
}
