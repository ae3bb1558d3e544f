import { MalformedAlert, parseTarget } from '@icecore/alerts';
import { isKubernetesError, type KubernetesError } from '@icecore/kubernetes';
import { followCaptures } from '../capture/follow.ts';
import { orderCaptures } from '../capture/order.ts';
import { connectCluster } from '../cluster-connection.ts';
import { command, UsageError } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { captureJson, printRefused } from '../render/capture.ts';
import { shown } from '../render/text-table.ts';
import { actor } from '../vault.ts';

/** `icecore capture`: has the cluster take a checkpoint, by hand. */
export const capture = command({
  name: 'capture',
  summary: 'Have a running container of the cluster captured, and follow it until it is sealed.',
  arguments: 'NAMESPACE/POD[/CONTAINER]',
  count: [1, 1],
  options: {
    reason: { type: 'string', value: 'TEXT', summary: 'why, for the record (default: that you asked for it)' },
    'no-wait': { type: 'boolean', summary: 'ask for it, print its name, and leave' },
    namespace: { type: 'string', value: 'NAME', summary: 'icecore’s namespace (default icecore)' },
    context: { type: 'string', value: 'NAME', summary: 'context of the kubeconfig' },
    json: { type: 'boolean', summary: 'as JSON, one object a capture, when it has ended' },
  },
  examples: [
    ['icecore capture shop/api-7c9d8f6b5-x2x9q/api --reason "shell seen by the on-call"', 'ends with 1 where policy, the node or the kubelet says no'],
    ['icecore capture shop/api-7c9d8f6b5-x2x9q --no-wait', 'every container of the pod; kubectl -n icecore get captures shows how far each is'],
  ],
  async run({ arguments: [text = ''], options, terminal }) {
    const target = targetOf(text);
    const by = actor().id;
    const namespace = options.namespace ?? 'icecore';
    const connection = await connectCluster('capture', options.context, terminal);
    if (connection === undefined) return exitCodes.failed;
    try {
      const { store, answer } = await orderCaptures(connection, { ...target, namespace, by, reason: options.reason === undefined ? `asked for by ${by}` : `${options.reason} (asked for by ${by})` });
      if (answer.outcome !== 'accepted') {
        await printRefused(text, answer, options.json === true, terminal);
        return exitCodes.no;
      }
      if (options['no-wait'] !== true) return await followCaptures(store, answer.captures, options.json === true, terminal);
      for (const name of answer.captures) {
        const stored = options.json === true ? await store.get(name) : undefined;
        if (stored === undefined) await terminal.line(name);
        else await terminal.json(captureJson(stored));
      }
      return exitCodes.done;
    } catch (error) {
      if (!isKubernetesError(error)) throw error;
      terminal.note(`icecore capture: ${shown(error.message, 500)}${remedyOf(error, namespace)}`);
      return exitCodes.failed;
    }
  },
});

function targetOf(text: string): { readonly of: string; readonly pod: string; readonly container: string | undefined } {
  try {
    const { namespace, pod, container } = parseTarget(text);
    return { of: namespace, pod, container };
  } catch (error) {
    if (error instanceof MalformedAlert) throw new UsageError(error.message);
    throw error;
  }
}

function remedyOf({ status, message }: KubernetesError, namespace: string): string {
  if (status === 403) return `\n  ask for the Role icecore-operator in ${namespace}, and the ClusterRole icecore-operator`;
  if (status === 404 && message.includes('could not find the requested resource')) return '\n  the API does not know captures: kubectl apply -k infra/cluster/overlays/… installs them';
  return '';
}
