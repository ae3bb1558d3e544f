import { stringify } from 'yaml';

/** What the sandbox of a cluster is made for. */
export interface SandboxChoice {
  /** The namespace, which is made for this alone. */
  readonly namespace: string;
  /** The checkpoint's image, by digest so that it is that and no other: `registry.example/cases/c17@sha256:…`. */
  readonly image: string;
  /** Name of the container, as the checkpoint has it: engines restore by it. */
  readonly container: string;
  /** Destinations of bind mounts that the dump names, which CRI-O wants to be declared. */
  readonly mounts: readonly string[];
  readonly memoryBytes: number;
  readonly node: string | undefined;
  /** A runtime class with a stronger border, where the cluster has one. */
  readonly runtimeClass: string | undefined;
  /** Address of a sinkhole that traffic may go to, in CIDR notation; without one nothing may go anywhere. */
  readonly sinkhole: string | undefined;
}

/** Memory besides that of the dump: the restored processes go on and take more. */
const spareBytes = 256 << 20;

/**
 * The manifests of a sandbox: a namespace with nothing in it that is worth anything (no token, no secrets allowed, no way out),
 * bounds on what runs there, and the pod that restores the image.
 */
export function sandboxManifests(choice: SandboxChoice): readonly object[] {
  const { namespace, image, container, mounts, memoryBytes, node, runtimeClass, sinkhole } = choice;
  const labels = { 'app.kubernetes.io/name': 'icecore-sandbox', 'app.kubernetes.io/part-of': 'icecore' };
  const metadata = (name: string) => ({ name, namespace, labels });
  const memory = `${Math.ceil((memoryBytes + spareBytes) / 2 ** 20)}Mi`;
  const egress = sinkhole === undefined ? [] : [{ to: [{ ipBlock: { cidr: sinkhole } }] }];
  const limits = { cpu: '1', memory, 'ephemeral-storage': '1Gi' };
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      // The copy runs with the capabilities that its dump has, often as root: what `restricted` forbids is audited, and `baseline` is enforced.
      metadata: { name: namespace, labels: { ...labels, 'pod-security.kubernetes.io/enforce': 'baseline', 'pod-security.kubernetes.io/audit': 'restricted', 'pod-security.kubernetes.io/warn': 'restricted' } },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: metadata(sinkhole === undefined ? 'deny-all' : 'sinkhole-only'),
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [], egress },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata('sandbox'), automountServiceAccountToken: false },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: metadata('sandbox'),
      spec: { hard: { pods: '1', secrets: '0', services: '0', configmaps: '1', persistentvolumeclaims: '0', 'requests.cpu': '1', 'limits.cpu': '1', 'limits.memory': memory, 'limits.ephemeral-storage': '1Gi' } },
    },
    { apiVersion: 'v1', kind: 'LimitRange', metadata: metadata('sandbox'), spec: { limits: [{ type: 'Container', max: limits, default: limits, defaultRequest: { cpu: '100m', memory, 'ephemeral-storage': '1Gi' } }] } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: metadata('sandbox'),
      spec: {
        restartPolicy: 'Never',
        serviceAccountName: 'sandbox',
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        hostNetwork: false,
        hostPID: false,
        hostIPC: false,
        dnsPolicy: 'None',
        // Somebody must be named; the address is of a block that leads nowhere (RFC 5737).
        dnsConfig: { nameservers: ['192.0.2.1'] },
        securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
        ...(node === undefined ? {} : { nodeName: node }),
        ...(runtimeClass === undefined ? {} : { runtimeClassName: runtimeClass }),
        containers: [
          {
            name: container,
            image,
            imagePullPolicy: 'IfNotPresent',
            resources: { limits, requests: { cpu: '100m', memory, 'ephemeral-storage': '1Gi' } },
            securityContext: { allowPrivilegeEscalation: false, privileged: false },
            ...(mounts.length === 0 ? {} : { volumeMounts: mounts.map((mountPath, i) => ({ name: `empty-${i}`, mountPath })) }),
          },
        ],
        ...(mounts.length === 0 ? {} : { volumes: mounts.map((_, i) => ({ name: `empty-${i}`, emptyDir: { sizeLimit: '64Mi' } })) }),
      },
    },
  ];
}

/** Manifests as one stream of YAML documents. */
export function manifestsText(manifests: readonly object[]): string {
  return manifests.map((each) => stringify(each, { lineWidth: 0 })).join('---\n');
}
