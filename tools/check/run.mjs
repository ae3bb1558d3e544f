/*
 * Runs the named Nx targets over every project and ends with one line, `N passed, N failed`.
 * Usage: node tools/check/run.mjs TARGET…
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';

const targets = process.argv.slice(2);
const fresh = process.env.CI === 'true' ? ['--skip-nx-cache'] : [];

for (const stale of totalsFiles()) rmSync(stale);

const steps = [
  ['node', ['tools/check/workspace.mjs']],
  ...(process.env.CI === 'true' ? [['nx', ['sync:check']]] : []),
  ['nx', ['run-many', '-t', ...targets, '--output-style=static', ...fresh]],
];
let broken = 0;
for (const [command, args] of steps) {
  const run = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, NX_DAEMON: 'false' } });
  if (run.status !== 0) {
    console.error(`${command} ${args.join(' ')} ended with ${run.status ?? run.signal}`);
    broken += 1;
  }
}

const sum = { passed: 0, failed: 0, skipped: 0 };
for (const file of totalsFiles()) {
  const totals = JSON.parse(readFileSync(file, 'utf8'));
  for (const key of Object.keys(sum)) sum[key] += totals[key];
}
// A step that broke without a failing test (a type error, a lint error) must not read as green.
if (broken > 0 && sum.failed === 0) sum.failed = broken;
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`);
process.exit(broken > 0 || sum.failed > 0 || sum.passed === 0 ? 1 : 0);

function totalsFiles() {
  return globSync('{apps,libs,infra,tools}/*/test-output/*.json');
}
