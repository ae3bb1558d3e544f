/** A rule of a Role, as RBAC writes it. */
export interface PermissionRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** What a role of the trigger needs from the Kubernetes API, and nothing more. */
export interface RolePermissions {
  /** Within icecore's own namespace: a Role. */
  readonly own: readonly PermissionRule[];
  /** In all namespaces: a ClusterRole. */
  readonly cluster: readonly PermissionRule[];
  /** More of the cluster, each only where its setting is on. */
  readonly optional: Readonly<Record<string, readonly PermissionRule[]>>;
}

const rule = (group: string, resources: readonly string[], verbs: readonly string[]): PermissionRule => ({ apiGroups: [group], resources, verbs });

/** What each role needs; the manifests' RBAC is compared with this. `operator` is for people who use `icecore capture`. */
export const requiredPermissions: Readonly<Record<'alerts' | 'node' | 'operator', RolePermissions>> = {
  alerts: {
    own: [
      rule('icecore.dev', ['captures'], ['get', 'list', 'watch', 'create', 'patch']),
      rule('icecore.dev', ['captures/status'], ['patch']),
      rule('', ['events'], ['create']),
    ],
    cluster: [rule('', ['pods'], ['get', 'list', 'watch']), rule('', ['namespaces', 'nodes'], ['get', 'list'])],
    optional: {
      /** Policies whose rules say `then: [{ action: label }]` or `isolate`. */
      followUps: [rule('', ['pods'], ['patch']), rule('networking.k8s.io', ['networkpolicies'], ['create'])],
    },
  },
  node: {
    own: [
      rule('icecore.dev', ['captures'], ['get', 'list', 'watch', 'create', 'patch']),
      rule('icecore.dev', ['captures/status'], ['patch']),
      rule('', ['events'], ['create']),
      // The report of its node, for `icecore doctor`.
      rule('', ['configmaps'], ['create', 'patch']),
    ],
    cluster: [rule('', ['nodes/checkpoint'], ['create']), rule('', ['pods', 'nodes'], ['get']), rule('', ['pods/log'], ['get']), rule('', ['events'], ['list'])],
    optional: {
      /** ICECORE_KUBELET_VIA=proxy: a far wider right than `nodes/checkpoint`, which it makes needless. */
      proxy: [rule('', ['nodes/proxy'], ['create'])],
    },
  },
  operator: {
    own: [rule('icecore.dev', ['captures'], ['get', 'create']), rule('', ['configmaps'], ['get'])],
    cluster: [rule('', ['pods', 'namespaces'], ['get'])],
    optional: {},
  },
};

/** What `icecore migrate` needs besides what an operator has, for the namespaces whose pods it moves. */
export const migrationPermissions: RolePermissions = {
  own: requiredPermissions.operator.own,
  cluster: [...requiredPermissions.operator.cluster, rule('', ['pods'], ['get', 'create', 'delete']), rule('', ['nodes'], ['get'])],
  optional: {},
};
