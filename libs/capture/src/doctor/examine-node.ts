import { nodeReportEveryMs, type NodeReport } from './node-report.ts';
import { bad, type Check, type Examined, good, isAtLeast, unseen, versionOf } from './check.ts';
import type { AccessAnswer, NodeObject, Sight } from './cluster-view.ts';

/** What is known of one node. */
export interface NodeView {
  readonly node: NodeObject;
  /** Report of the node's role; undefined where there is none. */
  readonly report: NodeReport | undefined;
  /** The kubelet's gate by its own configuration, where that could be read; its value is undefined where it names no gate. */
  readonly gate: Sight<boolean | undefined>;
  readonly access: Sight<readonly AccessAnswer[]>;
  /** Least space that a capture must leave, in bytes. */
  readonly freeBytes: number;
  readonly now: number;
}

const askRole = 'ask the node role: its report comes within 5 minutes of its start';
/** A difference of clocks that matters to whoever orders events by them, in milliseconds. */
const clockToleranceMs = 2000;

/** Examines one node. What its role's report does not tell, and cannot be seen from outside of the node, is said to be unseen. */
export function examineNode(view: NodeView): Examined {
  const { node } = view;
  const impossible = impossibleNode(node);
  if (impossible !== undefined) return { name: node.metadata.name, checks: [impossible] };
  const checks = [role(view), kubelet(view), gate(view), runtime(view), criu(view), tcpEstablished(view), disk(view), rbac(view), vault(view), clock(view)];
  return { name: node.metadata.name, checks };
}

/** Nodes on which there is no checkpoint to be had, whatever is set. */
function impossibleNode({ metadata, status: { nodeInfo } }: NodeObject): Check | undefined {
  const elsewhere = 'run what you may want to capture on nodes with CRIU';
  if (nodeInfo?.operatingSystem === 'windows') return bad('runtime', 'a node of Windows: CRIU is for Linux', elsewhere);
  if (metadata.labels['eks.amazonaws.com/compute-type'] === 'fargate') return bad('runtime', 'Fargate takes no checkpoints', elsewhere);
  if (nodeInfo !== undefined && /bottlerocket/i.test(nodeInfo.osImage)) return bad('criu', `${nodeInfo.osImage} has no CRIU and takes no packages`, elsewhere);
  return undefined;
}

function role({ report, now }: NodeView): Check {
  if (report === undefined) return bad('role', 'no report of the node role', 'kubectl -n icecore get pods -o wide: it should run on every node; kubectl -n icecore logs of its pod says why it does not report');
  const age = now - Date.parse(report.at);
  if (age > 3 * nodeReportEveryMs) return bad('role', `its last report is ${Math.round(age / 60_000)} minutes old`, 'kubectl -n icecore get pods -o wide; kubectl -n icecore logs of its pod');
  return good('role', `reported ${Math.max(0, Math.round(age / 1000))} s ago`);
}

function kubelet({ node: { status }, report }: NodeView): Check {
  const text = status.nodeInfo?.kubeletVersion ?? '';
  const version = versionOf(text);
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  if (ready !== undefined && ready.status !== 'True') return bad('kubelet', `${text}, the node is not ready: ${ready.message}`, 'captures wait until the kubelet answers again');
  if (report?.kubelet.probe === 'unreachable') return bad('kubelet', `${text}, and the node role cannot reach it: ${report.kubelet.message}`, 'check the kubelet’s port 10250, network policies, and ICECORE_KUBELET_CA, which must hold the authority of its certificate');
  if (report?.kubelet.probe === 'not_authenticated') return bad('kubelet', `${text}: ${report.kubelet.message}`, 'let the kubelet ask the API server: authentication.webhook.enabled and authorization.mode: Webhook in its configuration');
  if (version === undefined) return unseen('kubelet', 'the node tells no version', askRole);
  if (!isAtLeast(version, 1, 25)) return bad('kubelet', `${text} has no checkpoint API`, 'update it to 1.25 or newer; 1.30 has it switched on');
  return good('kubelet', text);
}

function gate({ node, report, gate: configured }: NodeView): Check {
  const remedy = 'featureGates: { ContainerCheckpoint: true } in the kubelet’s configuration, then restart the kubelet';
  if (report?.kubelet.probe === 'gate_off') return bad('gate', 'ContainerCheckpoint is off', remedy);
  if (report?.kubelet.probe === 'ready') return good('gate', 'on: the kubelet answers to checkpoints');
  if (configured.seen && configured.value === false) return bad('gate', 'ContainerCheckpoint is off in the kubelet’s configuration', remedy);
  if (configured.seen && configured.value === true) return good('gate', 'on in the kubelet’s configuration');
  const version = versionOf(node.status.nodeInfo?.kubeletVersion ?? '');
  const onByDefault = version !== undefined && isAtLeast(version, 1, 30);
  if (configured.seen) return onByDefault ? good('gate', 'on by default, and not switched off') : bad('gate', 'off by default before 1.30, and not switched on', remedy);
  return unseen('gate', `${onByDefault ? 'on by default since 1.30' : 'off by default before 1.30'}`, askRole);
}

function runtime({ node, report }: NodeView): Check {
  const text = node.status.nodeInfo?.containerRuntimeVersion ?? '';
  const [, name, rest = ''] = /^([a-z-]+):\/\/(.*)$/.exec(text) ?? [];
  const version = versionOf(rest);
  if (name === undefined || version === undefined) return unseen('runtime', 'the node tells no runtime', askRole);
  const supported = name === 'containerd' ? isAtLeast(version, 2, 0) : name === 'cri-o' ? isAtLeast(version, 1, 25) : false;
  if (!supported) return bad('runtime', `${name} ${rest} takes no checkpoints`, 'containerd 2.0 or newer, or CRI-O 1.25 or newer, does');
  if (report?.runtimeAllows === false) {
    const setting = name === 'cri-o' ? 'enable_criu_support = true in [crio.runtime] of crio.conf' : 'enable_criu = true in its configuration';
    return bad('runtime', `${name} ${rest} has checkpoints switched off`, `${setting}, then restart ${name === 'cri-o' ? 'crio' : name}`);
  }
  return good('runtime', `${name} ${rest}`);
}

function criu({ report }: NodeView): Check {
  const remedy = 'install CRIU 3.16 or newer on the node, on the PATH of the container runtime';
  if (report?.criu == null) return unseen('criu', 'it lies outside of what the node role is shown, and nothing was captured yet', 'on the node: icecore doctor --local, or criu check');
  if (!report.criu.present) return bad('criu', 'the runtime did not find it, or found it too old', remedy);
  const { version } = report.criu;
  if (version === null) return good('criu', 'present: captures succeed');
  const numbers = versionOf(version);
  return numbers !== undefined && !isAtLeast(numbers, 3, 16) ? bad('criu', `${version} is too old`, remedy) : good('criu', version);
}

function tcpEstablished({ report }: NodeView): Check {
  if (report === undefined) return unseen('tcp-established', 'CRIU’s configuration is the node’s', askRole);
  if (report.tcpEstablished === null) return unseen('tcp-established', 'the node role is not shown /etc/criu', 'use the overlay of your runtime, containerd or cri-o, which mounts it');
  if (report.tcpEstablished) return good('tcp-established', 'kept');
  return bad('tcp-established', 'CRIU refuses containers with a live TCP connection, which is most of them', 'a line tcp-established in /etc/criu/runc.conf, or crun.conf where crun runs the containers');
}

function disk({ node: { status }, report, freeBytes }: NodeView): Check {
  const pressure = status.conditions.find(({ type }) => type === 'DiskPressure');
  if (pressure?.status === 'True') return bad('disk', `the node is short of it: ${pressure.message}`, 'make room: an archive takes about what its container uses of memory');
  if (report === undefined) return unseen('disk', 'the API tells pressure alone, and there is none', askRole);
  const free = `${(report.disk.freeBytes / 2 ** 30).toFixed(1)} GiB free`;
  if (report.disk.freeBytes < freeBytes) return bad('disk', `${free}, ${(freeBytes / 2 ** 30).toFixed(1)} GiB must stay so after a capture`, 'make room on the file system of /var/lib/kubelet, or lower limits.freeBytes of the policy');
  return good('disk', free);
}

function rbac({ report, access }: NodeView): Check {
  if (report?.kubelet.probe === 'not_permitted') return bad('rbac', report.kubelet.message, 'apply the manifests’ RBAC: the kubelet asks for create nodes/checkpoint');
  if (!access.seen) return unseen('rbac', access.why, 'ask as somebody who may create subjectaccessreviews: the ClusterRole icecore-doctor');
  const denied = access.value.filter(({ allowed }) => !allowed);
  if (denied.length > 0) return bad('rbac', `the node role may not ${denied.map(({ what }) => what).join(', ')}`, 'apply the manifests’ RBAC again');
  return good('rbac', 'all that the node role needs');
}

function vault({ report }: NodeView): Check {
  if (report === undefined) return unseen('vault', 'only the node role may write to it', askRole);
  if (report.vault.reachable) return good('vault', 'reachable');
  return bad('vault', report.vault.message, 'check ICECORE_VAULT, the identity of the service account icecore-node, and the way out on port 443');
}

function clock({ report }: NodeView): Check {
  if (report === undefined) return unseen('clock', 'the node’s clock is the node’s', askRole);
  if (report.clockOffsetMs === null) return unseen('clock', 'the API server did not tell its time', askRole);
  const seconds = `${(report.clockOffsetMs / 1000).toFixed(1)} s`;
  if (Math.abs(report.clockOffsetMs) > clockToleranceMs) return bad('clock', `${seconds} from the API server’s`, 'let chrony or systemd-timesyncd keep the node’s time: evidence is dated by it');
  return good('clock', report.clockOffsetMs === 0 ? 'as the API server’s' : `${seconds} from the API server’s`);
}
