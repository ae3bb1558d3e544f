import { z } from 'zod';

const profile = z.object({ type: z.string() }).optional();
const securityContext = z
  .looseObject({
    privileged: z.boolean().optional(),
    allowPrivilegeEscalation: z.boolean().optional(),
    readOnlyRootFilesystem: z.boolean().optional(),
    runAsNonRoot: z.boolean().optional(),
    runAsUser: z.number().optional(),
    seccompProfile: profile,
    capabilities: z.object({ drop: z.array(z.string()).default([]), add: z.array(z.string()).default([]) }).default({ drop: [], add: [] }),
  })
  .prefault({});
const podSpec = z.looseObject({
  hostNetwork: z.boolean().default(false),
  hostPID: z.boolean().default(false),
  hostIPC: z.boolean().default(false),
  securityContext,
  containers: z.array(z.looseObject({ name: z.string(), securityContext, ports: z.array(z.looseObject({ hostPort: z.number().optional() })).default([]) })),
  volumes: z.array(z.looseObject({ name: z.string(), hostPath: z.object({ path: z.string() }).optional() })).default([]),
});

/** Volumes that the restricted level allows (Pod Security Standards). */
const allowedVolumes = new Set(['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret']);

/**
 * Where a pod departs from the restricted level of the Pod Security Standards, and from a root file system that is read
 * only, which is beyond them.
 */
export function podSecurityFaults(spec: unknown): readonly string[] {
  const pod = podSpec.parse(spec);
  const faults: string[] = [];
  for (const name of ['hostNetwork', 'hostPID', 'hostIPC'] as const) if (pod[name]) faults.push(name);
  for (const { name, hostPath, ...kinds } of pod.volumes) {
    if (hostPath !== undefined) faults.push(`volume of the node: ${hostPath.path}`);
    for (const kind of Object.keys(kinds)) if (!allowedVolumes.has(kind)) faults.push(`volume ${name}: ${kind}`);
  }
  for (const { name, securityContext: own, ports } of pod.containers) {
    const seccomp = own.seccompProfile ?? pod.securityContext.seccompProfile;
    const checks: readonly [boolean, string][] = [
      [own.privileged === true, 'is privileged'],
      [own.allowPrivilegeEscalation !== false, 'may gain privileges'],
      [own.readOnlyRootFilesystem !== true, 'may write to its root file system'],
      [(own.runAsNonRoot ?? pod.securityContext.runAsNonRoot) !== true, 'may run as root'],
      [(own.runAsUser ?? pod.securityContext.runAsUser) === 0, 'runs as root'],
      [seccomp?.type !== 'RuntimeDefault' && seccomp?.type !== 'Localhost', 'has no seccomp profile'],
      [!own.capabilities.drop.includes('ALL'), 'keeps capabilities'],
      [own.capabilities.add.some((each) => each !== 'NET_BIND_SERVICE'), 'adds capabilities'],
      [ports.some(({ hostPort }) => hostPort !== undefined), 'has a port of the node'],
    ];
    for (const [holds, words] of checks) if (holds) faults.push(`container ${name}: ${words}`);
  }
  return faults;
}
