import type { Alert } from './alert.ts';
import { alertId } from './identity.ts';
import { quoted, requireLabel, requireSubdomain } from './names.ts';
import { MalformedAlert } from './exact-json.ts';

/** The annotation by which somebody asks for a capture: `kubectl annotate pod NAME icecore.dev/capture=REASON`. */
export const captureAnnotation = 'icecore.dev/capture';
/** Names the container where a pod has several; all of them without it. */
export const containerAnnotation = 'icecore.dev/capture-container';

/** A capture that a person asks for, as an alert. */
export interface CaptureOrder {
  readonly namespace: string;
  readonly pod: string;
  readonly podUid?: string;
  readonly container?: string;
  readonly node?: string;
  readonly reason: string;
  /** Who asks. */
  readonly by: string;
  /** Apart from this, the same order twice is one. */
  readonly nonce: string;
  readonly at: Date;
}

/** Throws `MalformedAlert` for names that Kubernetes does not allow. */
export function alertOfOrder(source: 'annotation' | 'operator', order: CaptureOrder): Alert {
  const { namespace, pod, podUid, container, node, reason, by, nonce, at } = order;
  return {
    id: alertId(source, namespace, pod, podUid, container, nonce),
    source,
    rule: source === 'annotation' ? captureAnnotation : 'icecore capture',
    severity: 100,
    priority: undefined,
    observedAt: at,
    cluster: undefined,
    target: {
      namespace: requireLabel(namespace, 'namespace'),
      pod: requireSubdomain(pod, 'pod'),
      podUid,
      container: container === undefined ? undefined : requireLabel(container, 'container'),
      containerId: undefined,
      workload: undefined,
      node,
    },
    process: undefined,
    peer: undefined,
    image: undefined,
    techniques: [],
    tags: [],
    fields: { reason, by },
    truncated: false,
  };
}

/** `NAMESPACE/POD[/CONTAINER]`, as the command line takes it. Throws `MalformedAlert` for anything else. */
export function parseTarget(text: string): { readonly namespace: string; readonly pod: string; readonly container: string | undefined } {
  const [namespace, pod, container, ...rest] = text.split('/');
  if (namespace === undefined || pod === undefined || rest.length > 0) throw new MalformedAlert(422, `${quoted(text)} is not NAMESPACE/POD[/CONTAINER]`);
  return {
    namespace: requireLabel(namespace, 'namespace'),
    pod: requireSubdomain(pod, 'pod'),
    container: container === undefined ? undefined : requireLabel(container, 'container'),
  };
}
