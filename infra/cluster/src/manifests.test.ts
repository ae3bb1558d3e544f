import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { doctorPermissions, policyMap, type PermissionRule, requiredPermissions } from '@icecore/capture';
import { parsePolicy } from '@icecore/alerts';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { generatedFiles, type KubernetesObject, schemaFaults } from './index.ts';
import { objectKey, kubernetesObject } from './kustomize/object.ts';
import { overlay, overlays, project, withComponents } from './manifests.test-support.ts';
import { podSecurityFaults } from './schema/pod-security.ts';

const text = z.string();
const container = z.looseObject({
  name: text,
  image: text,
  args: z.array(text),
  env: z.array(z.looseObject({ name: text })),
  envFrom: z.array(z.looseObject({ configMapRef: z.object({ name: text }).optional(), secretRef: z.object({ name: text, optional: z.boolean().optional() }).optional() })),
  ports: z.array(z.object({ name: text, containerPort: z.number() })),
  volumeMounts: z.array(z.looseObject({ name: text, mountPath: text, readOnly: z.boolean().optional() })),
  readinessProbe: z.looseObject({ httpGet: z.object({ path: text, port: text }) }),
  livenessProbe: z.looseObject({ httpGet: z.object({ path: text, port: text }) }),
  resources: z.object({ requests: z.record(text, text), limits: z.record(text, text) }),
});
const volume = z.looseObject({
  name: text,
  configMap: z.object({ name: text }).optional(),
  secret: z.looseObject({ secretName: text }).optional(),
  hostPath: z.object({ path: text, type: text }).optional(),
});
const workload = z.looseObject({
  spec: z.looseObject({
    selector: z.object({ matchLabels: z.record(text, text) }),
    template: z.looseObject({
      metadata: z.looseObject({ labels: z.record(text, text), annotations: z.record(text, text) }),
      spec: z.looseObject({ serviceAccountName: text, priorityClassName: text.optional(), terminationGracePeriodSeconds: z.number(), containers: z.array(container).length(1), volumes: z.array(volume) }),
    }),
  }),
});

const every: readonly (readonly [string, readonly KubernetesObject[]])[] = [
  ...overlays.map((name) => [name, overlay(name)] as const),
  ['base with every other component', withComponents('least-privilege', 'containerd', 'containerd-logs', 'process-list', 'follow-ups')],
];
const find = (objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject => {
  const found = objects.find((each) => each.kind === kind && each.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
};
const podOf = (objects: readonly KubernetesObject[], role: 'alerts' | 'node') => workload.parse(find(objects, role === 'node' ? 'DaemonSet' : 'Deployment', `icecore-${role}`).body).spec.template;

describe.each(every)('%s', (_name, objects) => {
  test.each(objects.map((object) => [objectKey(object), object] as const))('%s has only what its schema allows', (_key, object) => {
    expect(schemaFaults(object)).toEqual([]);
  });

  it('names its image by digest', () => {
    for (const role of ['alerts', 'node'] as const) expect(podOf(objects, role).spec.containers[0]?.image).toMatch(/^[\w.-]+\/[\w./-]+@sha256:[0-9a-f]{64}$/);
    expect(JSON.stringify(objects)).not.toContain(':latest');
  });

  it('has whatever its pods refer to, and secrets only by name', () => {
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    for (const role of ['alerts', 'node'] as const) {
      const { spec, metadata } = podOf(objects, role);
      find(objects, 'ServiceAccount', spec.serviceAccountName);
      if (spec.priorityClassName !== undefined) find(objects, 'PriorityClass', spec.priorityClassName);
      for (const { configMap } of spec.volumes) if (configMap !== undefined) find(objects, 'ConfigMap', configMap.name);
      for (const { ports, readinessProbe, livenessProbe, volumeMounts, envFrom } of spec.containers) {
        for (const { configMapRef } of envFrom) if (configMapRef !== undefined) find(objects, 'ConfigMap', configMapRef.name);
        const names = ports.map(({ name }) => name);
        expect(names).toEqual(expect.arrayContaining([readinessProbe.httpGet.port, livenessProbe.httpGet.port]));
        expect(volumeMounts.map(({ name }) => name).toSorted()).toEqual(spec.volumes.map(({ name }) => name).toSorted());
        expect(ports).toContainEqual({ name: 'metrics', containerPort: Number(metadata.annotations['prometheus.io/port']) });
      }
    }
  });

  it('has alerts at the restricted level of pod security, and node with two exceptions', () => {
    expect(podSecurityFaults(podOf(objects, 'alerts').spec)).toEqual([]);
    const folders = podOf(objects, 'node').spec.volumes.flatMap(({ hostPath }) => hostPath?.path ?? []);
    expect(podSecurityFaults(podOf(objects, 'node').spec)).toEqual([...folders.map((path) => `volume of the node: ${path}`), 'container node: may run as root', 'container node: runs as root']);
  });

  it('limits what each container takes', () => {
    for (const role of ['alerts', 'node'] as const) {
      const resources = podOf(objects, role).spec.containers[0]?.resources;
      expect(Object.keys(resources?.limits ?? {}).toSorted()).toEqual(['cpu', 'ephemeral-storage', 'memory']);
      expect(Object.keys(resources?.requests ?? {}).toSorted()).toEqual(['cpu', 'ephemeral-storage', 'memory']);
    }
  });
});

describe('the folders of the node', () => {
  const own = [['/var/lib/kubelet/checkpoints', false], ['/var/lib/icecore', false]] as const;
  const folders = (objects: readonly KubernetesObject[]): readonly [string, boolean][] => {
    const { volumes, containers } = podOf(objects, 'node').spec;
    return volumes.flatMap(({ name, hostPath }): [string, boolean][] => {
      const mount = containers[0]?.volumeMounts.find((each) => each.name === name);
      return hostPath === undefined ? [] : [[hostPath.path, mount?.readOnly === true]];
    });
  };

  test.each([
    ['least-privilege', own],
    ['network-policies', [...own]],
    ['node-proxy', [...own]],
    ['containerd', [['/etc/criu', true], ['/etc/containerd', true], ...own]],
    ['cri-o', [['/etc/criu', true], ['/etc/crio', true], ...own]],
  ] as const)('of %s are the checkpoints and icecore’s own, and beside them only what is read', (name, expected) => {
    expect(folders(overlay(name))).toEqual(expected);
  });
});

describe('what is rendered from the code', () => {
  test.each([...generatedFiles()])('%s is current: run nx generate @icecore/cluster', (path, content) => {
    expect(readFileSync(join(project, path), 'utf8')).toBe(content);
  });
});

/** What an account may do, as lines; cluster-wide ones begin with `*`. */
function granted(objects: readonly KubernetesObject[], account: string): readonly string[] {
  const binding = z.looseObject({ roleRef: z.object({ kind: text, name: text, apiGroup: text }), subjects: z.array(z.object({ kind: text, name: text, namespace: text })) });
  const lines = objects.flatMap((object) => {
    if (object.kind !== 'RoleBinding' && object.kind !== 'ClusterRoleBinding') return [];
    const { roleRef, subjects } = binding.parse(object.body);
    if (!subjects.some(({ name, namespace }) => name === account && namespace === 'icecore')) return [];
    return linesOf(rulesOf(find(objects, roleRef.kind, roleRef.name)), object.namespace);
  });
  return lines.toSorted();
}
function rulesOf(role: KubernetesObject): readonly PermissionRule[] {
  return z.looseObject({ rules: z.array(z.strictObject({ apiGroups: z.array(text), resources: z.array(text), verbs: z.array(text) })) }).parse(role.body).rules;
}
function linesOf(rules: readonly PermissionRule[], namespace: string | undefined): readonly string[] {
  return rules.flatMap(({ apiGroups, resources, verbs }) => apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${namespace ?? '*'} ${verb} ${group}/${resource}`))));
}
const declared = (own: readonly PermissionRule[], cluster: readonly PermissionRule[]): readonly string[] => [...linesOf(own, 'icecore'), ...linesOf(cluster, undefined)].toSorted();

describe('RBAC is what the code declares, and no more', () => {
  const { alerts, node, operator } = requiredPermissions;
  const direct = declared(node.own, node.cluster);

  test.each(overlays.filter((name) => name !== 'node-proxy'))('%s', (name) => {
    expect(granted(overlay(name), 'icecore-alerts')).toEqual(declared(alerts.own, alerts.cluster));
    expect(granted(overlay(name), 'icecore-node')).toEqual(direct);
    expect(direct).toContain('* create /nodes/checkpoint');
    expect(direct.join()).not.toContain('proxy');
  });

  test('node-proxy has the other way instead of the direct one', () => {
    const expected = [...direct.filter((line) => line !== '* create /nodes/checkpoint'), '* create /nodes/proxy'].toSorted();
    expect(granted(overlay('node-proxy'), 'icecore-node')).toEqual(expected);
  });

  test('follow-ups give alerts what they need, where they are asked for', () => {
    const objects = withComponents('follow-ups');
    expect(granted(objects, 'icecore-alerts')).toEqual(declared(alerts.own, [...alerts.cluster, ...(alerts.optional['followUps'] ?? [])]));
    expect(granted(objects, 'icecore-node')).toEqual(direct);
  });

  test.each([['icecore-operator', operator], ['icecore-doctor', doctorPermissions]] as const)('%s is there for people, and given to nobody', (name, permissions) => {
    const objects = overlay('least-privilege');
    expect(linesOf(rulesOf(find(objects, 'Role', name)), 'icecore').toSorted()).toEqual(declared(permissions.own, []));
    expect(linesOf(rulesOf(find(objects, 'ClusterRole', name)), undefined).toSorted()).toEqual(declared([], permissions.cluster));
    expect(JSON.stringify(objects.filter(({ kind }) => kind.endsWith('Binding')))).not.toContain(name);
  });

  it('knows no wildcard', () => {
    for (const [, objects] of every) for (const object of objects.filter(({ kind }) => /Role$/.test(kind))) expect(rulesOf(object).flatMap(({ apiGroups, resources, verbs }) => [...apiGroups, ...resources, ...verbs])).not.toContain('*');
  });
});

describe('the parts fit together', () => {
  const objects = overlay('network-policies');
  const labels = (['alerts', 'node'] as const).map((role) => podOf(objects, role).metadata.labels);
  const selected = (selector: unknown): number => {
    const { matchLabels = {} } = z.object({ matchLabels: z.record(text, text).optional() }).parse(selector);
    return labels.filter((each) => Object.entries(matchLabels).every(([name, value]) => each[name] === value)).length;
  };

  test.each([
    ['Service', 'icecore-alerts', 1],
    ['PodDisruptionBudget', 'icecore-alerts', 1],
    ['Deployment', 'icecore-alerts', 1],
    ['DaemonSet', 'icecore-node', 1],
    ['NetworkPolicy', 'icecore-nothing', 2],
    ['NetworkPolicy', 'icecore-api-server', 2],
    ['NetworkPolicy', 'icecore-alerts', 1],
    ['NetworkPolicy', 'icecore-kubelet', 1],
    ['NetworkPolicy', 'icecore-metrics', 2],
    ['NetworkPolicy', 'icecore-traces', 2],
  ] as const)('%s %s selects %i of the two', (kind, name, count) => {
    const { spec } = z.looseObject({ spec: z.looseObject({ selector: z.unknown().optional(), podSelector: z.unknown().optional() }) }).parse(find(objects, kind, name).body);
    expect(selected(kind === 'Service' ? { matchLabels: spec.selector } : (spec.podSelector ?? spec.selector))).toBe(count);
  });

  it('waits on a node for a checkpoint under way, and longer than the role drains', () => {
    const { terminationGracePeriodSeconds, containers } = podOf(objects, 'node').spec;
    const drain = Number(containers[0]?.env.find(({ name }) => name === 'ICECORE_DRAIN_SECONDS')?.['value']);
    expect(drain).toBeGreaterThan(120);
    expect(terminationGracePeriodSeconds).toBeGreaterThan(drain);
  });

  it('tells each role where its kubelet is before it uses it', () => {
    const names = podOf(objects, 'node').spec.containers[0]?.env.map(({ name }) => name) ?? [];
    expect(names.indexOf('HOST_IP')).toBeGreaterThanOrEqual(0);
    expect(names.indexOf('ICECORE_KUBELET_URL')).toBeGreaterThan(names.indexOf('HOST_IP'));
  });

  it('keeps the policy where a person’s order looks for it', () => {
    const { data } = z.looseObject({ data: z.record(text, text) }).parse(find(objects, 'ConfigMap', policyMap.name).body);
    expect(Object.keys(data)).toEqual([policyMap.key]);
  });

  it('ships a policy that can be followed, and asks for no right that it has not', () => {
    const policy = parsePolicy(readFileSync(join(project, 'base/policy.yaml'), 'utf8'));
    expect(policy.rules.flatMap(({ then }) => then)).toEqual([]);
  });
});

const kubectl = spawnSync('kubectl', ['kustomize', '--help']).status === 0;
(kubectl ? describe : describe.skip)('kubectl kustomize renders the same', () => {
  test.each([...overlays])('%s', (name) => {
    const { stdout, stderr, status } = spawnSync('kubectl', ['kustomize', join(project, 'overlays', name)], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const theirs = [...parseAllDocuments(stdout)].map((document) => kubernetesObject(document.toJS(), 'kubectl'));
    const byKey = (objects: readonly KubernetesObject[]): object => Object.fromEntries(objects.map((object) => [objectKey(object), object.body]));
    expect(byKey(overlay(name))).toEqual(byKey(theirs));
  });
});
