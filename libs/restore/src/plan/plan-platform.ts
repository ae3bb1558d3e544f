import type { RestoreNeeds } from './needs.ts';
import type { TargetMachine } from './target-machine.ts';
import { fits, misfit, unknown, type Verdict } from './verdict.ts';
import { compareVersions } from './versions.ts';

/** Machine, kernel, CRIU and engine: what no setting can change. */
export function planPlatform(needs: RestoreNeeds, target: TargetMachine): Verdict[] {
  return [...engine(needs, target), architecture(needs, target), ...cpu(needs, target), ...kernel(needs, target), criu(needs, target), pageSize(needs, target)];
}

function engine({ engine: took, runtime }: RestoreNeeds, { engine: there, runtimes, name }: TargetMachine): Verdict[] {
  const verdicts: Verdict[] = [];
  if (took === 'unknown') verdicts.push(misfit('engine', 'the archive is of no engine that is known: only CRIU itself could restore it'));
  else if (there === undefined) verdicts.push(unknown('engine', `${took} took the checkpoint: what ${name} runs`));
  else verdicts.push(took === there ? fits('engine', there) : misfit('engine', `${took} took the checkpoint, and ${name} runs ${there}, which reads another layout`));
  // containerd names its shim, which takes whichever runtime it is set up with.
  const program = /\b(runc|crun|youki)\b/.exec(runtime ?? '')?.[1];
  if (program === undefined) return verdicts;
  if (runtimes === undefined) verdicts.push(unknown('runtime', `whether ${name} has ${program}`));
  else verdicts.push(runtimes.includes(program) ? fits('runtime', `${program} is there`) : misfit('runtime', `${program} made the dump, and ${name} has ${runtimes.join(', ') || 'no runtime'}`));
  return verdicts;
}

function architecture({ architecture: own }: RestoreNeeds, { architecture: there, name }: TargetMachine): Verdict {
  if (own === undefined) return unknown('architecture', 'the dump does not tell its machine');
  if (there === undefined) return unknown('architecture', `the dump is of ${own}: what ${name} is`);
  return own === there ? fits('architecture', own) : misfit('architecture', `the dump is of ${own}, and ${name} is ${there}`);
}

function cpu({ cpu: { features, complete } }: RestoreNeeds, { cpu_flags: flags, name }: TargetMachine): Verdict[] {
  const verdicts: Verdict[] = [];
  const wanted = features.map(({ flag }) => flag).join(', ');
  if (flags === undefined) verdicts.push(unknown('cpu', features.length === 0 ? `what ${name}'s processor can do` : `the dump needs ${wanted}: whether ${name} has them`));
  else {
    const missing = features.filter(({ flag }) => !flags.includes(flag));
    for (const { flag, because } of missing) verdicts.push(misfit('cpu', `${name}'s processor has no ${flag}, and ${because}`));
    if (missing.length === 0 && features.length > 0) verdicts.push(fits('cpu', `${wanted}`));
  }
  if (!complete) verdicts.push(unknown('cpu', 'the archive has no cpuinfo.img: programs choose code by the processor when they start, and what they chose is not told'));
  return verdicts;
}

function kernel({ kernel: own, kernelFeatures }: RestoreNeeds, { kernel: there, name }: TargetMachine): Verdict[] {
  if (there === undefined) return [unknown('kernel', `the kernel of ${name}`)];
  const missing = kernelFeatures.filter(({ since }) => compareVersions(there, since) < 0);
  if (missing.length > 0) return missing.map(({ what, since }) => misfit('kernel', `the container has ${what}, which Linux has since ${since}, and ${name} has ${there}`));
  if (own === undefined) return [unknown('kernel', `the archive does not tell the kernel of the dump; ${name} has ${there}`)];
  if (compareVersions(majorMinor(there), majorMinor(own)) < 0) return [misfit('kernel', `the dump is of ${own}, and ${name} has ${there}, which is older`)];
  return [fits('kernel', own === there ? there : `${there}, and the dump is of ${own}`)];
}

function majorMinor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** Oldest CRIU that engines take (checkpointctl, containerd and CRI-O ask for 3.16). */
const oldestCriu = '3.16';

function criu({ criu: own }: RestoreNeeds, { criu: there, name }: TargetMachine): Verdict {
  if (there === undefined) return unknown('criu', `which CRIU ${name} has${own === undefined ? '' : `; ${own} took the dump`}`);
  if (there === null) return misfit('criu', `${name} has no CRIU`);
  if (compareVersions(there, oldestCriu) < 0) return misfit('criu', `${name} has CRIU ${there}, and engines need ${oldestCriu}`);
  if (own !== undefined && compareVersions(there, own) < 0) return misfit('criu', `CRIU ${own} took the dump, and ${name} has ${there}, which may not know its images`);
  return fits('criu', own === undefined ? there : `${there}, and ${own} took the dump`);
}

function pageSize({ pageSize: own }: RestoreNeeds, { page_size: there, name }: TargetMachine): Verdict {
  if (own === undefined) return unknown('page size', 'the dump does not tell it');
  if (there === undefined) return unknown('page size', `the dump has pages of ${own} bytes: those of ${name}`);
  return own === there ? fits('page size', `${own} bytes`) : misfit('page size', `the dump has pages of ${own} bytes, and ${name} of ${there}`);
}
