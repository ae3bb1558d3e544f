/*
 * Before the suites that need a browser: where there is none, and apt and the rights are there, Debian's is installed. Where
 * that does not work the suites say what is missing and are skipped.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export default function prepareChromium() {
  if (existsSync(process.env.ICECORE_CHROMIUM ?? '/usr/bin/chromium') || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  console.log('installing chromium');
  const install = () => spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], { stdio: ['ignore', 'ignore', 'inherit'], timeout: 300_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;
  if (install()) return;
  spawnSync('apt-get', ['update'], { stdio: 'ignore', timeout: 120_000 });
  if (!install()) console.warn('chromium could not be installed');
}
