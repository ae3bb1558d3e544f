import { historyItem, type IntakePorts, type Pod } from '@icecore/capture';
import type { Cluster, WatchedCaptures } from '@icecore/kubernetes';

/** How long a pod that was read counts as it was, in milliseconds: alerts about one pod come in bursts. The node's role looks again. */
const podAgeMs = 1000;
const labelsAgeMs = 60_000;
const maxKept = 10_000;

/** What the intake of alerts sees of the cluster, reading each thing once at a time. */
export function clusterView(cluster: Cluster, captures: WatchedCaptures): Omit<IntakePorts, 'policy' | 'now'> {
  const pods = kept<Pod | undefined>(podAgeMs);
  const labels = kept<Readonly<Record<string, string>>>(labelsAgeMs);
  return {
    pod: (namespace, name) => pods(`${namespace}/${name}`, () => cluster.pod(namespace, name)),
    podsOf: (namespace) => cluster.podsOf(namespace),
    namespaceLabels: (namespace) => labels(namespace, () => cluster.namespaceLabels(namespace)),
    *known() {
      for (const capture of captures.known()) yield historyItem(capture);
    },
    create: (capture) => captures.create(capture),
  };
}

/** Keeps answers for a while; who asks meanwhile shares them. A failure is not kept. */
function kept<T>(ageMs: number): (key: string, ask: () => Promise<T>) => Promise<T> {
  const answers = new Map<string, { readonly answer: Promise<T>; readonly until: number }>();
  return (key, ask) => {
    const now = Date.now();
    const found = answers.get(key);
    if (found !== undefined && found.until > now) return found.answer;
    const answer = ask();
    answers.delete(key);
    answers.set(key, { answer, until: now + ageMs });
    answer.catch(() => answers.delete(key));
    for (const oldest of answers.keys()) {
      if (answers.size <= maxKept) break;
      answers.delete(oldest);
    }
    return answer;
  };
}
