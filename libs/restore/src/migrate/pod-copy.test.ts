import { copyOfPod, misgivingsOf, parseMovablePod, parseMoveNode } from '../index.ts';

const given = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', uid: 'u-1', resourceVersion: '9', labels: { app: 'web' }, annotations: { team: 'shop', 'kubectl.kubernetes.io/last-applied-configuration': '{}' } },
  spec: {
    nodeName: 'node-a',
    priority: 0,
    preemptionPolicy: 'PreemptLowerPriority',
    serviceAccountName: 'web',
    serviceAccount: 'web',
    tolerations: [{ key: 'x', operator: 'Exists' }],
    containers: [
      { name: 'app', image: 'registry.example/app:1', command: ['/app'], imagePullPolicy: 'Always', readinessProbe: { httpGet: { path: '/', port: 80 } }, volumeMounts: [{ name: 'data', mountPath: '/data' }, { name: 'kube-api-access-x7k2p', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true }] },
      { name: 'side', image: 'registry.example/side:1' },
    ],
    volumes: [{ name: 'data', emptyDir: {} }, { name: 'kube-api-access-x7k2p', projected: { sources: [] } }],
  },
  status: { phase: 'Running' },
};
const choice = { name: 'web-moved', node: 'node-b', container: 'app', image: `registry.example/moves/web@sha256:${'a'.repeat(64)}`, capture: 'c-1' };
const node = (name: string, over: object = {}): unknown => ({ metadata: { name }, status: { nodeInfo: { architecture: 'amd64' }, conditions: [{ type: 'Ready', status: 'True' }] }, ...over });
const [here, there] = [parseMoveNode(node('node-a')), parseMoveNode(node('node-b'))];

describe('the copy of a pod', () => {
  it('is specified as the pod is, on the other node, with one container from the checkpoint, and neither its owner, its token nor its status', () => {
    expect(copyOfPod(parseMovablePod(given), choice)).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-moved', namespace: 'shop', labels: { app: 'web' }, annotations: { team: 'shop', 'icecore.dev/migrated-by': 'c-1', 'icecore.dev/migrated-from': 'shop/web/u-1' } },
      spec: {
        nodeName: 'node-b',
        hostname: 'web',
        serviceAccountName: 'web',
        tolerations: [{ key: 'x', operator: 'Exists' }],
        containers: [
          { name: 'app', image: choice.image, command: ['/app'], imagePullPolicy: 'IfNotPresent', readinessProbe: { httpGet: { path: '/', port: 80 } }, volumeMounts: [{ name: 'data', mountPath: '/data' }] },
          { name: 'side', image: 'registry.example/side:1' },
        ],
        volumes: [{ name: 'data', emptyDir: {} }],
      },
    });
  });
});

describe('what speaks against a move', () => {
  const pod = (metadata: object, spec: object = {}) => parseMovablePod({ ...given, metadata: { ...given.metadata, ...metadata }, spec: { ...given.spec, ...spec } });
  const owned = (kind: string, name: string) => pod({ ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: 'o', controller: true }] });

  it('is nothing for a pod that nobody owns; what goes along and what does not is said', () => {
    const { refusals, cautions } = misgivingsOf(parseMovablePod(given), 'app', here, there, 'node-b');
    expect(refusals).toEqual([]);
    expect(cautions.join('\n')).toMatch(/after the capture is lost[^]*Services send it traffic[^]*container side begins anew[^]*volume data begins empty[^]*another address/);
  });

  const refused: [string, ReturnType<typeof pod>, unknown, RegExp][] = [
    ['the pod of a Deployment', owned('ReplicaSet', 'web-7c9'), node('node-b'), /belongs to ReplicaSet web-7c9, which makes another[^]*changes no owner and scales nothing[^]*kubectl label pod web KEY-/],
    ['the pod of a StatefulSet', owned('StatefulSet', 'db'), node('node-b'), /belongs to StatefulSet db/],
    ['the pod of a DaemonSet', owned('DaemonSet', 'agent'), node('node-b'), /belongs to DaemonSet agent/],
    ['a static pod', owned('Node', 'node-a'), node('node-b'), /static pod/],
    ['a pod that is being deleted', pod({ deletionTimestamp: '2026-11-23T07:02:57Z' }), node('node-b'), /is being deleted/],
    ['a pod that is there already', pod({}, { nodeName: 'node-b' }), node('node-b'), /is on node-b already/],
    ['a pod without the container', pod({}, { containers: [{ name: 'other' }] }), node('node-b'), /has no container app; it has other/],
    ['a node that is not there', pod({}), undefined, /has no node node-b/],
    ['a node that is not ready', pod({}), node('node-b', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }), /not ready/],
    ['a cordoned node', pod({}), node('node-b', { spec: { unschedulable: true } }), /cordoned/],
    ['a node of another architecture', pod({}), node('node-b', { status: { nodeInfo: { architecture: 'arm64' } } }), /node-a is amd64 and node-b is arm64/],
  ];
  it.each(refused)('is told for %s', (_, source, target, reason) => {
    const { refusals } = misgivingsOf(source, 'app', here, target === undefined ? undefined : parseMoveNode(target), 'node-b');
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toMatch(reason);
  });

  it('names volumes that do not go along', () => {
    const { cautions } = misgivingsOf(pod({}, { volumes: [{ name: 'pgdata', persistentVolumeClaim: { claimName: 'pg' } }, { name: 'logs', hostPath: { path: '/var/log' } }], initContainers: [{ name: 'init' }] }), 'app', here, there, 'node-b');
    expect(cautions.join('\n')).toMatch(/container init runs again[^]*pgdata is claimed[^]*\/var\/log of the node/);
  });
});
