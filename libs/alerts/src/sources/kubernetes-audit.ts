import { z } from 'zod';
import { alertId, momentOf, plainFields } from '../identity.ts';
import { presentText, requireLabel, requireSubdomain } from '../names.ts';
import { parsed } from './parsed.ts';
import type { Source, SourceAnswer } from './source.ts';

const event = z.object({
  auditID: z.string().min(1),
  stage: z.string(),
  verb: z.string(),
  requestURI: z.string(),
  user: z.object({ username: z.string().nullish() }).nullish(),
  sourceIPs: z.array(z.string()).nullish(),
  objectRef: z
    .object({ resource: z.string().nullish(), subresource: z.string().nullish(), namespace: z.string().nullish(), name: z.string().nullish(), uid: z.string().nullish() })
    .nullish(),
  responseStatus: z.object({ code: z.number().nullish() }).nullish(),
  requestReceivedTimestamp: z.string().nullish(),
});
const list = z.object({ items: z.array(z.unknown()).max(10_000) });

/** Ways into a running container that the audit log tells. */
const entrances = new Set(['exec', 'attach', 'ephemeralcontainers', 'portforward']);

/** Kubernetes' audit webhook (`audit.k8s.io/v1`): who entered which container. */
export const kubernetesAudit: Source = {
  name: 'kubernetes_audit',
  recognises: (candidate) => String(candidate['apiVersion'] ?? '').startsWith('audit.k8s.io/') || ('auditID' in candidate && 'requestURI' in candidate),
  read(candidate) {
    const items = 'items' in candidate ? parsed(list, candidate, 'audit event list').items : [candidate];
    return items.map(readEvent);
  },
};

function readEvent(item: unknown): SourceAnswer {
  const told = parsed(event, item, 'audit event');
  const { resource, subresource, namespace, name, uid } = told.objectRef ?? {};
  if (resource !== 'pods' || !entrances.has(subresource ?? '')) return { ignored: `audit event ${told.auditID}: enters no container` };
  // The last stage comes when the shell has ended: the first that tells the request was let in is the one to act on.
  if (told.stage !== 'ResponseStarted' && told.stage !== 'RequestReceived') return { ignored: `audit event ${told.auditID}: stage ${told.stage}` };
  const code = told.responseStatus?.code ?? 101;
  if (code >= 400) return { ignored: `audit event ${told.auditID}: was refused with ${code}` };
  if (typeof namespace !== 'string' || typeof name !== 'string') return { ignored: `audit event ${told.auditID}: names no pod` };
  const query = queryOf(told.requestURI);
  const container = presentText(query.get('container'));
  const words = query.getAll('command');
  return {
    alert: {
      id: alertId('kubernetes_audit', told.auditID),
      source: 'kubernetes_audit',
      rule: `pods/${subresource}`,
      severity: undefined,
      priority: undefined,
      observedAt: momentOf(told.requestReceivedTimestamp),
      cluster: undefined,
      target: {
        namespace: requireLabel(namespace, 'namespace'),
        pod: requireSubdomain(name, 'pod'),
        podUid: presentText(uid),
        container: container === undefined ? undefined : requireLabel(container, 'container'),
        containerId: undefined,
        workload: undefined,
        node: undefined,
      },
      process: words.length === 0 ? undefined : { pid: undefined, namespacePid: undefined, executable: words[0], commandLine: words.join(' ') },
      peer: told.sourceIPs?.[0],
      image: undefined,
      techniques: subresource === 'exec' || subresource === 'attach' ? ['T1609'] : [],
      tags: [],
      fields: plainFields({ verb: told.verb, subresource, user: told.user?.username, request_uri: told.requestURI, source_ip: told.sourceIPs?.[0] }),
      truncated: false,
    },
  };
}

function queryOf(uri: string): URLSearchParams {
  return new URLSearchParams(uri.includes('?') ? uri.slice(uri.indexOf('?') + 1) : '');
}
