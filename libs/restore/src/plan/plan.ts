import { formatBytes, formatGap } from '@icecore/bytes';
import { unlimited } from '@icecore/linux';
import type { RestoreNeeds } from './needs.ts';
import { planPlatform } from './plan-platform.ts';
import type { TargetMachine } from './target-machine.ts';
import { fits, misfit, unknown, type Verdict } from './verdict.ts';

/** Whether a restore fits a machine: every need of the archive against what is known of it. */
export function planRestore(needs: RestoreNeeds, target: TargetMachine): readonly Verdict[] {
  return [...planArchive(needs), ...planPlatform(needs, target), ...planFiles(needs, target), ...planConnections(needs, target), ...planIsolation(needs, target), ...planResources(needs, target)];
}

/** A plan says no where one thing does not fit; what is unknown does not make it a yes. */
export function planAnswer(verdicts: readonly Verdict[]): 'fits' | 'misfit' | 'unknown' {
  if (verdicts.some(({ state }) => state === 'misfit')) return 'misfit';
  return verdicts.some(({ state }) => state === 'unknown') ? 'unknown' : 'fits';
}

function planArchive({ incremental, damage }: RestoreNeeds): Verdict[] {
  if (incremental) return [misfit('archive', 'some of its pages are in an earlier dump, without which no restore is whole')];
  const [first] = damage;
  return [first === undefined ? fits('archive', 'it is whole') : misfit('archive', `it is damaged: ${formatGap(first)}`)];
}

function planFiles({ baseImage, bindMounts, volumes, devices }: RestoreNeeds, target: TargetMachine): Verdict[] {
  const { images, paths, name } = target;
  const verdicts: Verdict[] = [];
  const image = baseImage.name ?? baseImage.requested;
  const identity = baseImage.reference;
  if (image === undefined && identity === undefined) verdicts.push(unknown('base image', 'the archive does not name it'));
  else if (images === undefined) verdicts.push(unknown('base image', `whether ${name} has ${image ?? ''} ${identity ?? ''}`.trim()));
  else if (identity !== undefined && images.some((each) => sameImage(each, identity))) verdicts.push(fits('base image', `${image ?? identity} is there`));
  else if (image !== undefined && images.includes(image)) verdicts.push(identity === undefined ? fits('base image', `${image} is there`) : misfit('base image', `${image} is there, but it is not ${identity}: open files would not have the sizes that CRIU checks`));
  else verdicts.push(misfit('base image', `${name} has not ${image ?? ''}${identity === undefined ? '' : `, ${identity}`}; pull it there first`));
  const path = (subject: 'bind mount' | 'device', what: string, source: string): Verdict => {
    const there = paths?.[source];
    if (there === undefined) return unknown(subject, `whether ${name} has ${what}`);
    return there ? fits(subject, `${what} is there`) : misfit(subject, `${name} has not ${what}`);
  };
  for (const { source, destination } of bindMounts) verdicts.push(path('bind mount', `${source}, which is mounted at ${destination}`, source));
  for (const device of devices) verdicts.push(path('device', `the device ${device}`, device));
  for (const { name: volume, included } of volumes) {
    if (included) verdicts.push(fits('volume', `${volume} is in the archive`));
    else if (target.volumes === undefined) verdicts.push(unknown('volume', `whether ${name} has ${volume}, which the archive does not hold`));
    else verdicts.push(target.volumes.includes(volume) ? fits('volume', `${volume} is there`) : misfit('volume', `${volume} is neither in the archive nor on ${name}`));
  }
  return verdicts;
}

/** Ids and digests come with and without `sha256:`, and behind a name. */
function sameImage(one: string, other: string): boolean {
  const plain = (text: string): string => text.replace(/^.*@/, '').replace(/^sha256:/, '');
  return one === other || (plain(one).length >= 12 && plain(one) === plain(other));
}

function planConnections({ connections }: RestoreNeeds, { tcp_established: kept, addresses, name }: TargetMachine): Verdict[] {
  if (connections.length === 0) return [fits('connection', 'no TCP connection is established')];
  const count = connections.length === 1 ? 'a TCP connection is' : `${connections.length} TCP connections are`;
  const verdicts: Verdict[] = [];
  const close = 'or close them at restore (--tcp-close)';
  if (kept === undefined) verdicts.push(unknown('connection', `${count} established: whether ${name} restores them (tcp-established), ${close}`));
  else verdicts.push(kept ? fits('connection', `${count} established, and ${name} restores them`) : misfit('connection', `${count} established, and CRIU on ${name} refuses them: set tcp-established there, ${close}`));
  const local = [...new Set(connections.flatMap((each) => (each.local === undefined || /^(?:127\.|::1$)/.test(each.local.address) ? [] : [each.local.address])))];
  for (const address of local) {
    if (addresses === undefined) verdicts.push(unknown('connection', `whether the copy can have the address ${address}, which its connections are bound to`));
    else verdicts.push(addresses.includes(address) ? fits('connection', `the copy can have ${address}`) : misfit('connection', `the copy cannot have the address ${address} on ${name}, which its connections are bound to`));
  }
  return verdicts;
}

function planIsolation(needs: RestoreNeeds, target: TargetMachine): Verdict[] {
  const { lsm, apparmorProfile, ownNamespaces, nodeNamespaces, joinedNamespaces, cgroups, engine } = needs;
  const { name } = target;
  const verdicts: Verdict[] = [];
  if (lsm !== undefined) {
    if (target.lsm === undefined) verdicts.push(unknown('security module', `the dump has labels of ${lsm}: whether it is on at ${name}`));
    else verdicts.push(target.lsm.includes(lsm) ? fits('security module', `${lsm} is on`) : misfit('security module', `the dump has labels of ${lsm}, which is not on at ${name}`));
  }
  if (lsm === 'apparmor' && apparmorProfile !== undefined && apparmorProfile !== '' && apparmorProfile !== 'unconfined') {
    if (target.apparmor_profiles === undefined) verdicts.push(unknown('security module', `whether ${name} has the profile ${apparmorProfile}`));
    else verdicts.push(target.apparmor_profiles.includes(apparmorProfile) ? fits('security module', `the profile ${apparmorProfile} is there`) : misfit('security module', `${name} has not the AppArmor profile ${apparmorProfile}`));
  }
  for (const kind of ownNamespaces.filter((each) => each === 'user' || each === 'time')) {
    if (target.namespaces === undefined) verdicts.push(unknown('namespace', `whether ${name} has ${kind} namespaces`));
    else verdicts.push(target.namespaces.includes(kind) ? fits('namespace', `${kind} namespaces are there`) : misfit('namespace', `the container has a ${kind} namespace, and ${name} has none`));
  }
  if (nodeNamespaces.includes('pid')) verdicts.push(misfit('namespace', 'the container shares the pids of its node: they would have to be free on another, and nobody can promise that'));
  // CRI-O and containerd put the copy into the namespaces of its new pod; podman joins the same paths.
  if (engine === 'podman') for (const { kind, path } of joinedNamespaces) {
    const there = target.paths?.[path];
    verdicts.push(there === undefined ? unknown('namespace', `whether ${name} has the ${kind} namespace at ${path}`) : there ? fits('namespace', `the ${kind} namespace at ${path} is there`) : misfit('namespace', `the container joined the ${kind} namespace at ${path}, which ${name} has not`));
  }
  if (cgroups === undefined) verdicts.push(unknown('control groups', 'the archive does not tell their version'));
  else if (target.cgroups === undefined) verdicts.push(unknown('control groups', `the dump has ${cgroups}: what ${name} has`));
  else verdicts.push(cgroups === target.cgroups ? fits('control groups', cgroups) : misfit('control groups', `the dump has ${cgroups}, and ${name} has ${target.cgroups}`));
  return verdicts;
}

function planResources({ openFileLimit, memoryBytes }: RestoreNeeds, { max_open_files: most, memory_available_bytes: memory, name }: TargetMachine): Verdict[] {
  const verdicts: Verdict[] = [];
  if (openFileLimit !== undefined && openFileLimit !== unlimited) {
    if (most === undefined) verdicts.push(unknown('limits', `a process may have ${openFileLimit} open files: how many ${name} allows`));
    else verdicts.push(openFileLimit <= BigInt(most) ? fits('limits', `${openFileLimit} open files are allowed`) : misfit('limits', `a process may have ${openFileLimit} open files, and ${name} allows ${most} (fs.nr_open)`));
  }
  const wanted = formatBytes(memoryBytes);
  if (memory === undefined) verdicts.push(unknown('memory', `the copy takes ${wanted}: how much ${name} has to spare`));
  else verdicts.push(memoryBytes <= memory ? fits('memory', `${wanted} of ${formatBytes(memory)}`) : misfit('memory', `the copy takes ${wanted}, and ${name} has ${formatBytes(memory)} to spare`));
  return verdicts;
}
