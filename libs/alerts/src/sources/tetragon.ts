import { z } from 'zod';
import { alertId, momentOf, plainFields, techniquesIn } from '../identity.ts';
import { containerIdOf, presentText, requireLabel, requireSubdomain } from '../names.ts';
import { parsed } from './parsed.ts';
import { isRecord, type Source } from './source.ts';

const kinds = ['process_exec', 'process_exit', 'process_kprobe', 'process_tracepoint', 'process_uprobe', 'process_lsm', 'process_loader'] as const;

const process = z.object({
  exec_id: z.string().nullish(),
  pid: z.number().nullish(),
  binary: z.string().nullish(),
  arguments: z.string().nullish(),
  pod: z
    .object({
      namespace: z.string(),
      name: z.string(),
      uid: z.string().nullish(),
      container: z.object({ id: z.string().nullish(), name: z.string().nullish(), image: z.object({ name: z.string().nullish() }).nullish(), pid: z.number().nullish() }).nullish(),
    })
    .nullish(),
});
const body = z.object({
  process,
  policy_name: z.string().nullish(),
  message: z.string().nullish(),
  function_name: z.string().nullish(),
  tags: z.array(z.string()).nullish(),
});

/** An event of Tetragon's JSON export. It has no webhook of its own: a shipper posts its lines. */
export const tetragon: Source = {
  name: 'tetragon',
  recognises: (candidate) => kinds.some((kind) => isRecord(candidate[kind])),
  read(candidate) {
    const kind = kinds.find((each) => isRecord(candidate[each])) ?? 'process_exec';
    const event = parsed(body, candidate[kind], `Tetragon ${kind}`);
    const { pod, exec_id, pid, binary, arguments: words } = event.process;
    const rule = presentText(event.policy_name) ?? presentText(event.function_name) ?? kind;
    if (pod === undefined || pod === null) return [{ ignored: `${rule}: is about no pod` }];
    const container = presentText(pod.container?.name);
    const time = presentText(candidate['time']);
    const tags = [...new Set(event.tags ?? [])].sort();
    return [
      {
        alert: {
          id: alertId('tetragon', kind, rule, exec_id ?? undefined, time),
          source: 'tetragon',
          rule,
          severity: undefined,
          priority: undefined,
          observedAt: momentOf(time),
          cluster: presentText(candidate['cluster_name']),
          target: {
            namespace: requireLabel(pod.namespace, 'namespace'),
            pod: requireSubdomain(pod.name, 'pod'),
            podUid: presentText(pod.uid),
            container: container === undefined ? undefined : requireLabel(container, 'container'),
            containerId: containerIdOf(pod.container?.id),
            workload: undefined,
            node: presentText(candidate['node_name']),
          },
          process: {
            pid: pid ?? undefined,
            namespacePid: pod.container?.pid ?? undefined,
            executable: presentText(binary),
            commandLine: [presentText(binary), presentText(words)].filter((word) => word !== undefined).join(' ') || undefined,
          },
          peer: undefined,
          image: presentText(pod.container?.image?.name),
          techniques: techniquesIn(tags),
          tags,
          fields: plainFields({ kind, message: event.message, policy_name: event.policy_name, function_name: event.function_name, binary, arguments: words }),
          truncated: false,
        },
      },
    ];
  },
};
