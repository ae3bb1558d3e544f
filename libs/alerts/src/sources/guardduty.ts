import { z } from 'zod';
import { alertId, momentOf, plainFields } from '../identity.ts';
import { containerIdOf, presentText, requireLabel, requireSubdomain } from '../names.ts';
import { parsed } from './parsed.ts';
import { isRecord, type Source, type SourceAnswer } from './source.ts';

const workload = z.object({
  name: z.string().min(1),
  type: z.string().min(1),
  uid: z.string().nullish(),
  namespace: z.string().min(1),
  containers: z.array(z.object({ name: z.string().nullish(), id: z.string().nullish(), image: z.string().nullish() })).nullish(),
});

const finding = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  severity: z.number().min(0).max(10),
  updatedAt: z.string().nullish(),
  resource: z.object({
    eksClusterDetails: z.object({ name: z.string().nullish() }).nullish(),
    kubernetesDetails: z.object({ kubernetesWorkloadDetails: workload.nullish() }).nullish(),
    instanceDetails: z.object({ instanceId: z.string().nullish() }).nullish(),
  }),
  service: z
    .object({
      archived: z.boolean().nullish(),
      count: z.number().nullish(),
      eventLastSeen: z.string().nullish(),
      runtimeDetails: z
        .object({
          process: z
            .object({ pid: z.number().nullish(), namespacePid: z.number().nullish(), executablePath: z.string().nullish(), cmdLine: z.string().nullish() })
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

/** A GuardDuty finding as EventBridge delivers it, by itself or in a queue's message. */
export const guardduty: Source = {
  name: 'guardduty',
  recognises: (candidate) => candidate['source'] === 'aws.guardduty' || (isRecord(candidate['detail']) && 'kubernetesDetails' in (isRecord(candidate['detail']['resource']) ? candidate['detail']['resource'] : {})),
  read(candidate) {
    const detail = parsed(finding, candidate['detail'], 'GuardDuty finding');
    const about = detail.resource.kubernetesDetails?.kubernetesWorkloadDetails;
    if (about === undefined || about === null) return [{ ignored: `finding ${detail.type}: names no Kubernetes workload` }];
    if (detail.service?.archived === true) return [{ ignored: `finding ${detail.type}: is archived` }];
    const isPod = about.type.toLowerCase() === 'pods' || about.type.toLowerCase() === 'pod';
    const containers = about.containers ?? [];
    const each = containers.length === 0 ? [undefined] : containers;
    return each.map((container): SourceAnswer => {
      const name = presentText(container?.name);
      const containerId = containerIdOf(container?.id);
      const process = detail.service?.runtimeDetails?.process;
      return {
        alert: {
          // A finding is delivered anew with each update; its count tells new activity from an old message.
          id: alertId('guardduty', detail.id, String(detail.service?.count ?? ''), detail.updatedAt ?? undefined, containerId ?? name),
          source: 'guardduty',
          rule: detail.type,
          severity: Math.round(detail.severity * 10),
          priority: String(detail.severity),
          observedAt: momentOf(detail.service?.eventLastSeen) ?? momentOf(detail.updatedAt),
          cluster: presentText(detail.resource.eksClusterDetails?.name),
          target: {
            namespace: requireLabel(about.namespace, 'namespace'),
            pod: isPod ? requireSubdomain(about.name, 'pod') : undefined,
            podUid: isPod ? presentText(about.uid) : undefined,
            container: name === undefined ? undefined : requireLabel(name, 'container'),
            containerId,
            workload: isPod ? undefined : { kind: about.type.toLowerCase(), name: requireSubdomain(about.name, 'workload') },
            node: undefined,
          },
          process:
            process === undefined || process === null
              ? undefined
              : {
                  pid: process.pid ?? undefined,
                  namespacePid: process.namespacePid ?? undefined,
                  executable: presentText(process.executablePath),
                  commandLine: presentText(process.cmdLine),
                },
          peer: undefined,
          image: presentText(container?.image),
          techniques: [],
          tags: [],
          fields: plainFields({ ...candidate, type: detail.type, instance_id: detail.resource.instanceDetails?.instanceId }),
          truncated: false,
        },
      };
    });
  },
};
