import { z } from 'zod';
import { alertId, momentOf, plainFields, techniquesIn } from '../identity.ts';
import { containerIdOf, presentText, requireLabel, requireSubdomain } from '../names.ts';
import { parsed } from './parsed.ts';
import type { Source } from './source.ts';

/** Grades of Falco's priorities (falcosidekick, `types.go`), from 0 to 100. */
const priorities: Readonly<Record<string, number>> = {
  emergency: 100,
  alert: 95,
  critical: 90,
  error: 70,
  warning: 50,
  notice: 30,
  informational: 15,
  info: 15,
  debug: 5,
};

const event = z.object({
  rule: z.string().min(1).max(1000),
  priority: z.string().refine((word) => word.toLowerCase() in priorities, 'is no priority of Falco'),
  time: z.string().refine((text) => momentOf(text) !== undefined, 'is no time'),
  output: z.string().nullish(),
  output_fields: z.record(z.string(), z.unknown()).refine((fields) => Object.keys(fields).length > 0, 'is empty'),
  tags: z.array(z.string()).nullish(),
  hostname: z.string().nullish(),
});

/** Falco's own JSON output and falcosidekick's, which differ in `uuid` and in whether long fields were cut. */
export const falco: Source = {
  name: 'falco',
  recognises: (candidate) => 'output_fields' in candidate || ('rule' in candidate && 'priority' in candidate && 'output' in candidate),
  read(candidate) {
    const { rule, priority, time, output_fields: fields, tags: givenTags, hostname } = parsed(event, candidate, 'Falco event');
    if (rule === 'Test rule') return [{ ignored: 'the test rule of falcosidekick' }];
    const field = (...names: readonly string[]): string | undefined => names.map((name) => presentText(fields[name])).find((value) => value !== undefined);
    const namespace = field('k8s.ns.name', 'ka.target.namespace');
    const pod = field('k8s.pod.name', 'ka.target.pod.name', 'ka.target.name');
    const containerId = containerIdOf(field('container.full_id', 'container.id'));
    if (namespace === undefined || pod === undefined) return [{ ignored: `rule ${rule}: names no pod` }];
    const tags = [...new Set(givenTags ?? [])].sort();
    const peerAddress = field('fd.rip', 'fd.sip');
    const peerPort = field('fd.rport', 'fd.sport');
    const container = field('container.name', 'ka.req.pod.containers.name');
    // Falco names a container as the runtime does where Kubernetes gave it no name.
    const named = container !== undefined && /^k8s_/.test(container) ? container.split('_')[1] : container;
    const commandLine = field('proc.cmdline');
    return [
      {
        alert: {
          id: alertId('falco', rule, namespace, pod, containerId?.slice(0, 12) ?? named, field('evt.time') ?? time),
          source: 'falco',
          rule,
          severity: priorities[priority.toLowerCase()],
          priority,
          observedAt: momentOf(time),
          cluster: field('cluster', 'k8s.cluster.name'),
          target: {
            namespace: requireLabel(namespace, 'namespace'),
            pod: requireSubdomain(pod, 'pod'),
            podUid: field('k8s.pod.uid'),
            container: named === undefined ? undefined : requireLabel(named, 'container'),
            containerId,
            workload: undefined,
            node: field('k8s.node.name', 'evt.hostname') ?? presentText(hostname),
          },
          process: {
            pid: wholeNumber(field('proc.pid')),
            namespacePid: wholeNumber(field('proc.vpid')),
            executable: field('proc.exepath', 'proc.name'),
            commandLine,
          },
          peer: peerAddress === undefined ? undefined : peerPort === undefined ? peerAddress : `${peerAddress}:${peerPort}`,
          image: imageOf(field('container.image.repository'), field('container.image.tag')) ?? field('container.image'),
          techniques: techniquesIn(tags),
          tags,
          fields: plainFields(fields),
          // falcosidekick cuts every text of more than 512 characters once the whole passes 4096 bytes.
          truncated: Object.values(fields).some((value) => typeof value === 'string' && value.endsWith('[...]')),
        },
      },
    ];
  },
};

function imageOf(repository: string | undefined, tag: string | undefined): string | undefined {
  return repository === undefined ? undefined : tag === undefined ? repository : `${repository}:${tag}`;
}

export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

