import { type Alert, alertOfOrder, containerAnnotation, MalformedAlert } from '@icecore/alerts';
import { type AnnotatedPod, type ApiClient, watchAnnotatedPods } from '@icecore/kubernetes';
import type { Logger } from '../logger.ts';

/** How long an order that could not be taken is left before it is tried again, in milliseconds. */
const againMs = 5000;

/** Heeds pods that somebody annotated: each pair of reason and container once. Resolves when the signal is given. */
export async function watchAnnotations(api: ApiClient, annotation: string, take: (alert: Alert) => Promise<void>, log: Logger, signal: AbortSignal): Promise<void> {
  const taken = new Map<string, string>();
  const onPod = (pod: AnnotatedPod): void => {
    const reason = pod.annotations[annotation] ?? '';
    const container = pod.annotations[containerAnnotation];
    const order = `${reason}\n${container ?? ''}`;
    if (taken.get(pod.uid) === order) return;
    taken.set(pod.uid, order);
    void heed(pod, reason, container, order);
  };
  const heed = async (pod: AnnotatedPod, reason: string, container: string | undefined, order: string): Promise<void> => {
    try {
      await take(alertOfOrder('annotation', { namespace: pod.namespace, pod: pod.name, podUid: pod.uid, ...(container === undefined ? {} : { container }), reason: reason.slice(0, 1000), by: annotation, nonce: order, at: new Date() }));
    } catch (error) {
      log.warn({ error, pod: `${pod.namespace}/${pod.name}` }, 'the annotation could not be heeded');
      if (error instanceof MalformedAlert) return;
      taken.delete(pod.uid);
      setTimeout(() => signal.aborted || onPod(pod), againMs).unref();
    }
  };
  await watchAnnotatedPods(api, annotation, { signal }, { onPod, onTrouble: (error) => log.warn({ error }, 'the watch of pods had trouble and goes on') });
}
