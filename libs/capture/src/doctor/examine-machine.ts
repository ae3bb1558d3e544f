import { bad, type Check, type Examined, good, isAtLeast, unseen, versionOf } from './check.ts';
import { checkpointGate, type ConfigurationFile, readConfiguration } from './configuration.ts';

/** What a program of this machine said. */
export interface ProgramAnswer {
  /** Undefined: it is not there. */
  readonly code: number | undefined;
  readonly output: string;
}

/** What was seen of the machine that is a node, or is to be one. */
export interface MachineView {
  readonly name: string;
  readonly criuVersion: ProgramAnswer;
  /** `criu check`, which root alone may ask. */
  readonly criuCheck: ProgramAnswer;
  readonly asRoot: boolean;
  /** `--version` of each program that is there, by name: containerd, crio, podman, runc, crun. */
  readonly runtimes: ReadonlyMap<string, ProgramAnswer>;
  readonly criuFiles: readonly ConfigurationFile[];
  readonly runtimeFiles: readonly ConfigurationFile[];
  /** `--version` of the kubelet. */
  readonly kubelet: ProgramAnswer;
  /** Its configuration file; undefined where there is none that may be read. */
  readonly kubeletConfiguration: string | undefined;
  /** Of the file system that holds, or would hold, the checkpoint folder. */
  readonly freeBytes: number;
  readonly leastFreeBytes: number;
}

/** Examines a machine from within. */
export function examineMachine(view: MachineView): Examined {
  return { name: view.name, checks: [kubelet(view), gate(view), runtime(view), ...criu(view), tcpEstablished(view), disk(view)] };
}

const firstLine = (text: string): string => text.split('\n').find((line) => line.trim() !== '')?.trim().slice(0, 200) ?? '';

function kubelet({ kubelet: { code, output } }: MachineView): Check {
  if (code === undefined) return unseen('kubelet', 'this machine has no kubelet on its PATH', 'run this on a node');
  const version = versionOf(output);
  return version !== undefined && isAtLeast(version, 1, 25) ? good('kubelet', firstLine(output)) : bad('kubelet', `${firstLine(output)} has no checkpoint API`, 'update it to 1.25 or newer; 1.30 has it switched on');
}

function gate({ kubelet: { output }, kubeletConfiguration }: MachineView): Check {
  const remedy = 'featureGates: { ContainerCheckpoint: true } in the kubelet’s configuration, then restart the kubelet';
  if (kubeletConfiguration === undefined) return unseen('gate', 'there is no configuration of a kubelet that may be read', 'run this on a node, as root');
  const value = checkpointGate(kubeletConfiguration);
  if (value !== undefined) return value ? good('gate', 'on in the kubelet’s configuration') : bad('gate', 'off in the kubelet’s configuration', remedy);
  const version = versionOf(output);
  if (version === undefined) return unseen('gate', 'the configuration does not name it, and the kubelet’s version is not known', 'run this on a node');
  return isAtLeast(version, 1, 30) ? good('gate', 'on by default, and not switched off') : bad('gate', 'off by default before 1.30, and not switched on', remedy);
}

function runtime({ runtimes, runtimeFiles }: MachineView): Check {
  const there = [...runtimes].filter(([, { code }]) => code !== undefined);
  if (there.length === 0) return bad('runtime', 'there is none: no containerd, crio, podman, runc or crun on the PATH', 'run this on a node; containerd 2.0 or newer, or CRI-O 1.25 or newer, takes checkpoints');
  const says = there.map(([name, { output }]) => `${name} ${versionOf(output)?.join('.') ?? firstLine(output)}`).join(', ');
  const old = versionOf(runtimes.get('containerd')?.output ?? '');
  if (old !== undefined && !isAtLeast(old, 2, 0)) return bad('runtime', `${says}: containerd before 2.0 takes no checkpoints for the kubelet`, 'update containerd to 2.0 or newer');
  const crun = runtimes.get('crun');
  if (crun?.code !== undefined && !/\+CRIU\b/.test(crun.output)) return bad('runtime', `${says}: this crun was built without CRIU`, 'install a crun whose --version says +CRIU, or use runc');
  if (readConfiguration([], runtimeFiles).runtimeAllows === false) return bad('runtime', `${says}: checkpoints are switched off in its configuration`, 'enable_criu_support = true (CRI-O), enable_criu = true (containerd)');
  return good('runtime', says);
}

function criu({ criuVersion, criuCheck, asRoot }: MachineView): readonly Check[] {
  const install = 'install CRIU 3.16 or newer, on the PATH of the container runtime';
  if (criuVersion.code === undefined) return [bad('criu', 'there is no criu on the PATH', install)];
  const version = versionOf(criuVersion.output);
  const name = version?.join('.') ?? firstLine(criuVersion.output);
  if (version === undefined || !isAtLeast(version, 3, 16)) return [bad('criu', `${name} is too old`, install)];
  if (!asRoot) return [good('criu', name), unseen('criu', 'criu check needs root', 'sudo icecore doctor --local')];
  if (criuCheck.code === 0) return [good('criu', `${name}, criu check: ${firstLine(criuCheck.output)}`)];
  const reasons = criuCheck.output.split('\n').filter((line) => /error|warn/i.test(line)).map((line) => line.trim());
  return [bad('criu', `${name}, criu check fails: ${(reasons[0] ?? firstLine(criuCheck.output)).slice(0, 300)}`, 'criu check --all tells what the kernel lacks; CRIU needs CONFIG_CHECKPOINT_RESTORE')];
}

function tcpEstablished({ criuFiles }: MachineView): Check {
  const { tcpEstablished: kept, tcpEstablishedFile } = readConfiguration(criuFiles, []);
  return kept ? good('tcp-established', `kept, by /etc/criu/${tcpEstablishedFile ?? ''}`) : bad('tcp-established', 'CRIU refuses containers with a live TCP connection, which is most of them', 'a line tcp-established in /etc/criu/runc.conf, or crun.conf where crun runs the containers');
}

function disk({ freeBytes, leastFreeBytes }: MachineView): Check {
  const free = `${(freeBytes / 2 ** 30).toFixed(1)} GiB free`;
  return freeBytes < leastFreeBytes ? bad('disk', `${free}, ${(leastFreeBytes / 2 ** 30).toFixed(1)} GiB must stay so after a capture`, 'make room on the file system of /var/lib/kubelet') : good('disk', free);
}
