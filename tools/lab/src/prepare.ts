import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mustRun } from './command.ts';
import { labFolders, programsFolder } from './folders.ts';
import { startLab } from './lab.ts';
import { hasTool, LabMissingError, missingForLab } from './missing.ts';

/** Debian's suite with CRIU 4.1, and what it takes to run containers; all else comes with `layout.sh`. */
const suite = 'trixie';
const firstPackages =
  'ca-certificates,criu,podman,crun,runc,conmon,netavark,golang-github-containers-common,iproute2,iptables,procps,busybox-static,python3-minimal';

const minutes = 60_000;

/**
 * Makes the lab's root, its image, and takes one checkpoint to see that it works; what is there already is kept. Rejects
 * with a `LabMissingError` where this machine cannot be a lab.
 */
export async function prepareLab(tell: (line: string) => void): Promise<void> {
  const reasons = missingForLab();
  if (reasons.length > 0) throw new LabMissingError(reasons);
  const { root } = labFolders();
  const made = join(root, '.debootstrapped');
  if (!existsSync(made)) {
    await installDebootstrap(tell);
    tell(`debootstrap of ${suite}`);
    rmSync(root, { recursive: true, force: true });
    await mustRun('debootstrap', ['--variant=minbase', `--include=${firstPackages}`, suite, root], { timeout: 20 * minutes }).catch(asMissing);
    writeFileSync(made, '');
  }
  tell('packages of the scenarios');
  const layout = fileURLToPath(new URL('layout.sh', import.meta.url));
  await mustRun('unshare', ['--mount', '--propagation', 'private', 'bash', layout, root, programsFolder], { timeout: 20 * minutes }).catch(asMissing);
  tell('image and a first checkpoint');
  const lab = await startLab();
  try {
    const container = await lab.runContainer({ name: 'first', command: ['/bin/sh', '-c', 'echo ready; exec sleep 3600'] });
    const { failure } = await lab.checkpoint(container);
    if (failure !== undefined) throw new LabMissingError([`CRIU cannot dump a process here: ${failure}`]);
  } finally {
    await lab.stop();
  }
}

async function installDebootstrap(tell: (line: string) => void): Promise<void> {
  if (hasTool('debootstrap')) return;
  if (!hasTool('apt-get')) throw new LabMissingError(['debootstrap is not installed, and neither is apt-get to install it']);
  tell('debootstrap is not installed, so install it');
  await mustRun('apt-get', ['update', '-qq'], { timeout: 5 * minutes }).catch(asMissing);
  await mustRun('apt-get', ['install', '-y', '-qq', '-o', 'DPkg::Lock::Timeout=300', 'debootstrap'], { timeout: 5 * minutes }).catch(asMissing);
}

function asMissing(error: unknown): never {
  throw new LabMissingError([error instanceof Error ? error.message : String(error)]);
}
