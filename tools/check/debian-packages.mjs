/*
 * Installs Debian's packages that a suite can use, where it may: as root, where there is apt-get. Where it may not, says what
 * is missing and ends with 0; the suite then says what it leaves out. Usage: node tools/check/debian-packages.mjs PACKAGE…
 */
import { spawnSync } from 'node:child_process';

const ran = (command, ...args) => spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 600_000 });
const lacking = process.argv.slice(2).filter((name) => !/^install ok installed/.test(ran('dpkg-query', '--show', '--showformat=${Status}', name).stdout ?? ''));

if (lacking.length > 0) {
  const reason = whyNot() ?? failureOf(ran('apt-get', 'update', '-qq')) ?? failureOf(ran('apt-get', 'install', '-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...lacking));
  console.log(reason === undefined ? `installed ${lacking.join(', ')}` : `${lacking.join(', ')} not installed: ${reason}`);
}

function whyNot() {
  if (process.getuid?.() !== 0) return 'this is not root';
  return ran('apt-get', '--version').status === 0 ? undefined : 'there is no apt-get';
}

function failureOf({ status, stderr, error }) {
  return status === 0 ? undefined : (stderr ?? String(error)).trim().split('\n').at(-1);
}
