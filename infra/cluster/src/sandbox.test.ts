import { copyOfPod, manifestsText, parseMovablePod, type SandboxChoice, sandboxManifests } from '@icecore/restore';
import { parseAllDocuments } from 'yaml';
import { type KubernetesObject, schemaFaults } from './index.ts';
import { kubernetesObject, objectKey } from './kustomize/object.ts';
import { podSecurityFaults } from './schema/pod-security.ts';

const plain: SandboxChoice = { namespace: 'case-17', image: `r.example/c@sha256:${'a'.repeat(64)}`, container: 'web', mounts: [], memoryBytes: 100 << 20, node: undefined, runtimeClass: undefined, sinkhole: undefined };
const choices: readonly (readonly [string, SandboxChoice])[] = [
  ['that nothing leaves', plain],
  ['with a sinkhole, mounts, a node and a runtime class', { ...plain, sinkhole: '10.9.9.9/32', mounts: ['/data', '/var/lib/app'], node: 'node-1', runtimeClass: 'gvisor' }],
];

/** The objects as `kubectl apply` would read them. */
function applied(choice: SandboxChoice): KubernetesObject[] {
  return parseAllDocuments(manifestsText(sandboxManifests(choice))).map((each) => kubernetesObject(each.toJS(), 'sandbox'));
}

describe.each(choices)('a sandbox %s', (_name, choice) => {
  test.each(applied(choice).map((object) => [objectKey(object), object] as const))('%s has only what its schema allows', (_key, object) => {
    expect(schemaFaults(object)).toEqual([]);
  });

  it('departs from the restricted level of pod security only in what the copy brings with it: its user, capabilities and files', () => {
    const pod = applied(choice).find(({ kind }) => kind === 'Pod');
    expect(podSecurityFaults(pod?.body['spec'])).toEqual(['container web: may write to its root file system', 'container web: may run as root', 'container web: keeps capabilities']);
  });
});

describe('a manifest of a sandbox with a field that Kubernetes does not know', () => {
  it.each([
    ['Pod', ['spec', 'hostNetworks']],
    ['Pod', ['spec', 'securityContext', 'seccompProfiles']],
    ['NetworkPolicy', ['spec', 'egressRules']],
    ['ResourceQuota', ['spec', 'hards']],
    ['LimitRange', ['spec', 'limit']],
  ] as const)('is found: %s %j', (kind, path) => {
    const found = applied(plain).find((each) => each.kind === kind);
    const wrong = JSON.parse(JSON.stringify(found?.body));
    const last = path.at(-1) ?? '';
    let at = wrong;
    for (const part of path.slice(0, -1)) at = at[part];
    at[last] = [];
    expect(schemaFaults(kubernetesObject(wrong, 'sandbox'))).toEqual([`/${path.join('/')}: is not in the schema`]);
  });
});

describe('the pod that a migration creates', () => {
  it('has only what its schema allows, where the one that it is of has', () => {
    const side = { name: 'side', image: 'r.example/side:1', volumeMounts: [{ name: 'kube-api-access-x', mountPath: '/token' }] };
    const given = parseMovablePod({
      metadata: { name: 'web', namespace: 'shop', uid: 'u', labels: { app: 'web' } },
      spec: { nodeName: 'node-a', priority: 0, containers: [{ name: 'app', image: 'r.example/app:1' }, side], initContainers: [{ name: 'init', image: 'r.example/i:1' }], volumes: [{ name: 'kube-api-access-x', projected: { sources: [] } }] },
    });
    const copy = copyOfPod(given, { name: 'web-moved', node: 'node-b', container: 'app', image: plain.image, capture: 'c' });
    expect(schemaFaults(kubernetesObject(JSON.parse(JSON.stringify(copy)), 'copy'))).toEqual([]);
  });
});
