import type { PermissionRule, RolePermissions } from '../permissions.ts';

const rule = (group: string, resources: readonly string[], verbs: readonly string[]): PermissionRule => ({ apiGroups: [group], resources, verbs });

/** What a person needs for `icecore doctor`. Without an optional one, the answers that need it are not seen, and it says so. */
export const doctorPermissions: RolePermissions = {
  own: [rule('', ['configmaps', 'pods'], ['get', 'list'])],
  cluster: [rule('', ['nodes'], ['get', 'list']), rule('authorization.k8s.io', ['subjectaccessreviews'], ['create'])],
  optional: {
    /** A kubelet's own configuration, where the node's role has no report yet. */
    configuration: [rule('', ['nodes/proxy'], ['get'])],
  },
};
