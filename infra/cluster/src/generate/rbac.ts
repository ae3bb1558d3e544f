import { doctorPermissions, type PermissionRule, requiredPermissions } from '@icecore/capture';

/** The namespace that the manifests put icecore into. */
export const ownNamespace = 'icecore';

type Manifest = Readonly<Record<string, unknown>>;

const group = 'rbac.authorization.k8s.io';
const labels = { 'app.kubernetes.io/part-of': 'icecore' };
const inNamespace = (name: string): Manifest => ({ name, namespace: ownNamespace, labels });
const plain = (rules: readonly PermissionRule[]): readonly Manifest[] => rules.map(({ apiGroups, resources, verbs }) => ({ apiGroups: [...apiGroups], resources: [...resources], verbs: [...verbs] }));
const account = (name: string): readonly Manifest[] => [{ kind: 'ServiceAccount', name, namespace: ownNamespace }];

function role(name: string, rules: readonly PermissionRule[]): Manifest {
  return { apiVersion: `${group}/v1`, kind: 'Role', metadata: inNamespace(name), rules: plain(rules) };
}

function clusterRole(name: string, rules: readonly PermissionRule[]): Manifest {
  return { apiVersion: `${group}/v1`, kind: 'ClusterRole', metadata: { name, labels }, rules: plain(rules) };
}

function bound(kind: 'Role' | 'ClusterRole', name: string, to: string): Manifest {
  const roleRef = { apiGroup: group, kind, name };
  return { apiVersion: `${group}/v1`, kind: `${kind}Binding`, metadata: kind === 'Role' ? inNamespace(name) : { name, labels }, roleRef, subjects: account(to) };
}

/** A role of the trigger: what it needs in icecore's namespace and in all, bound to its account. */
function roleOf(name: string, own: readonly PermissionRule[], cluster: readonly PermissionRule[]): readonly Manifest[] {
  return [role(name, own), bound('Role', name, name), clusterRole(name, cluster), bound('ClusterRole', name, name)];
}

/** A role for people: not bound, for that is yours to do. */
function roleForPeople(name: string, own: readonly PermissionRule[], cluster: readonly PermissionRule[]): readonly Manifest[] {
  return [role(name, own), clusterRole(name, cluster)];
}

function optionalRole(name: string, rules: readonly PermissionRule[], to: string): readonly Manifest[] {
  return [clusterRole(name, rules), bound('ClusterRole', name, to)];
}

const isDirectWay = ({ resources }: PermissionRule): boolean => resources.includes('nodes/checkpoint');

/** Manifests of RBAC by file, from what the code declares. The right to the direct way stands apart, for the other way takes it off. */
export function rbacManifests(): Readonly<Record<string, readonly Manifest[]>> {
  const { alerts, node, operator } = requiredPermissions;
  return {
    'base/rbac.yaml': [
      ...roleOf('icecore-alerts', alerts.own, alerts.cluster),
      ...roleOf('icecore-node', node.own, node.cluster.filter((rule) => !isDirectWay(rule))),
      ...optionalRole('icecore-node-checkpoint', node.cluster.filter(isDirectWay), 'icecore-node'),
      ...roleForPeople('icecore-operator', operator.own, operator.cluster),
      ...roleForPeople('icecore-doctor', doctorPermissions.own, doctorPermissions.cluster),
    ],
    'components/node-proxy/rbac.yaml': optionalRole('icecore-node-proxy', node.optional['proxy'] ?? [], 'icecore-node'),
    'components/follow-ups/rbac.yaml': optionalRole('icecore-alerts-follow-ups', alerts.optional['followUps'] ?? [], 'icecore-alerts'),
  };
}
