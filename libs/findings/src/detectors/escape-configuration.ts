import { detector } from '../detector.ts';
import type { EvidenceItem } from '../finding.ts';

const grave = new Set(['CAP_SYS_ADMIN', 'CAP_SYS_MODULE', 'CAP_SYS_RAWIO', 'CAP_SYS_PTRACE', 'CAP_SYS_BOOT', 'CAP_SYSLOG', 'CAP_DAC_READ_SEARCH', 'CAP_NET_ADMIN', 'CAP_BPF', 'CAP_PERFMON']);
const runtimeSockets = /\/(?:docker|containerd|crio|podman|cri-dockerd|buildkitd)\.sock$|^\/(?:var\/)?run\/(?:containerd|crio)\/?$/;
/** Folders of the node that hold its programs, settings, credentials or other containers. */
const nodePaths = /^\/(?:$|(?:etc|root|home|boot|usr|s?bin|lib(?:32|64)?)(?:\/|$)|var\/lib\/(?:kubelet|docker|containers|containerd|etcd|rancher)(?:\/|$)|var\/log(?:\/pods)?$|proc(?:\/|$)|sys\/fs\/cgroup|dev$|run$|var\/run$)/;
/** What engines and the kubelet mount into every container, and data that was made to be mounted: volumes. */
const ownFiles = /^\/(?:var\/)?(?:lib|run)\/(?:[\w./-]+\/)?io\.containerd\.[\w.]+\/sandboxes\/[^/]+\/(?:hostname|hosts|resolv\.conf|shm)$|^\/var\/lib\/docker\/containers\/[^/]+\/(?:hostname|hosts|resolv\.conf|mounts\/shm)$|^\/var\/lib\/(?:docker|containers\/storage)\/volumes\/.|^\/var\/lib\/containers\/.+\/userdata\/|^\/var\/lib\/kubelet\/pods\/[^/]+\/(?:volumes|volume-subpaths|etc-hosts|containers)(?:\/|$)|^\/etc\/(?:hosts|hostname|resolv\.conf|localtime|timezone|(?:ssl|pki|ca-certificates|podinfo|containers)(?:\/.*)?)$|^\/usr\/share\/(?:zoneinfo|ca-certificates)(?:\/|$)/;
const nodeDevices = /^\/dev\/(?:sd[a-z]\d*|nvme\d.*|vd[a-z]\d*|xvd[a-z]\d*|dm-\d+|mapper\/.+|k?mem|port|kmsg)$/;

export const escapeConfiguration = detector({
  id: 'escape-configuration',
  signal: 'S51',
  title: 'Container that is set up so that it can reach its node',
  version: 1,
  techniques: ['T1611', 'T1610'],
  severity: 'high',
  category: 'exposure',
  needs: ['specification'],
  falsePositives: 'agents of the node itself: network, storage and monitoring',
  *detect({ snapshot }) {
    const { specification, specifiedMounts } = snapshot.container;
    if (specification === undefined) return;
    const item = (value: string): EvidenceItem => ({ what: 'runtime specification', image: 'spec.dump', value });
    const capabilities = specification.capabilities.bounding.filter((name) => grave.has(name));
    const privileged = capabilities.length >= 6 || (specification.allDevices && capabilities.includes('CAP_SYS_ADMIN'));
    if (privileged) yield { summary: 'the container is privileged: it has the capabilities and devices of its node', confidence: 'high', severity: 'critical', evidence: [item(capabilities.join(', '))], key: 'privileged' };
    else if (capabilities.length > 0) yield { summary: `the container may ${capabilities.join(', ')}`, confidence: capabilities.some((name) => /SYS_ADMIN|SYS_MODULE|SYS_RAWIO|SYS_PTRACE|DAC_READ_SEARCH|BPF/.test(name)) ? 'high' : 'medium', evidence: [item(capabilities.join(', '))], key: 'capabilities' };
    if (!privileged && specification.allDevices) yield { summary: 'the container may use every device of the node', confidence: 'high', evidence: [item('devices a *:* rwm')], key: 'devices' };
    if (specification.maskedPaths.length === 0 && specification.readonlyPaths.length === 0 && !privileged) yield { summary: 'nothing of /proc and /sys is hidden from the container', confidence: 'medium', evidence: [item('maskedPaths: none')], key: 'masked' };
    if (!specification.seccomp) yield { summary: 'the container has no system call filter', confidence: 'low', severity: 'low', evidence: [item('seccomp: none')], key: 'seccomp' };
    if (/^unconfined$/.test(specification.apparmorProfile ?? '')) yield { summary: 'the container has no AppArmor profile', confidence: 'low', severity: 'low', evidence: [item('apparmorProfile: unconfined')], key: 'apparmor' };
    for (const device of specification.devices.filter((path) => nodeDevices.test(path))) yield { summary: `the container may use ${device} of the node`, confidence: 'high', evidence: [item(`device ${device}`)], key: `device ${device}` };
    for (const [kind, path] of specification.namespaces) {
      if (/^\/proc\/1\/ns\//.test(path ?? '')) yield { summary: `the container joins the ${kind} namespace of the node`, confidence: kind === 'ipc' || kind === 'uts' ? 'low' : 'medium', evidence: [item(`namespace ${kind} ${path ?? ''}`)], key: `namespace ${kind}` };
    }
    for (const kind of ['pid', 'network', 'ipc']) {
      if (specification.namespaces.size > 0 && !specification.namespaces.has(kind)) yield { summary: `the container has no ${kind} namespace of its own: it sees the node’s`, confidence: kind === 'ipc' ? 'low' : 'medium', evidence: [item(`namespaces: no ${kind}`)], key: `namespace ${kind}` };
    }
    for (const { destination, source, type, options } of specifiedMounts) {
      if (type !== 'bind' && !options.includes('bind') && !options.includes('rbind')) continue;
      const socket = runtimeSockets.test(source) || runtimeSockets.test(destination);
      if (!socket && (!nodePaths.test(source) || ownFiles.test(source))) continue;
      const readOnly = options.includes('ro');
      yield {
        summary: `${source === '/' ? 'the whole file system of the node' : source} of the node is mounted at ${destination}${readOnly ? ', read-only' : ''}`,
        confidence: socket || !readOnly ? 'high' : 'medium',
        ...(socket || (source === '/' && !readOnly) ? { severity: 'critical' as const } : {}),
        evidence: [{ what: 'mount', path: destination, image: 'spec.dump', value: `${source} ${options.join(',')}` }],
        key: `mount ${destination}`,
      };
    }
  },
});
