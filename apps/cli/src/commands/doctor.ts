import { examineCluster, examineMachine, examineNode, type Examined } from '@icecore/capture';
import { isKubernetesError } from '@icecore/kubernetes';
import { connectCluster } from '../cluster-connection.ts';
import { command, UsageError } from '../command.ts';
import { clusterSight } from '../doctor/cluster-sight.ts';
import { machineSight } from '../doctor/machine-sight.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { examinedJson, printExamined } from '../render/doctor.ts';
import { shown } from '../render/text-table.ts';
import type { Terminal } from '../terminal.ts';

const gibibyte = 2 ** 30;

/** `icecore doctor`: would a capture succeed. */
export const doctor = command({
  name: 'doctor',
  summary: 'Would a capture succeed: every node’s kubelet, runtime, CRIU, disk, rights, vault and clock, each failure with its remedy.',
  arguments: '[NODE…]',
  count: [0, 1000],
  options: {
    local: { type: 'boolean', summary: 'this machine, from within: programs, criu check, configuration' },
    namespace: { type: 'string', value: 'NAME', summary: 'icecore’s namespace (default icecore)' },
    context: { type: 'string', value: 'NAME', summary: 'context of the kubeconfig' },
    proxy: { type: 'boolean', summary: 'the node role goes through the API server (ICECORE_KUBELET_VIA=proxy)' },
    free: { type: 'string', value: 'GIB', summary: 'GiB that a capture must leave free on a node (default 2, as policies have it)' },
    json: { type: 'boolean', summary: 'as JSON, one object a node' },
  },
  examples: [
    ['icecore doctor', 'every node of the cluster of your kubeconfig; ends with 1 where a capture would fail, with 4 where not all was seen'],
    ['sudo icecore doctor --local', 'on a node, before icecore runs there'],
  ],
  async run({ arguments: nodes, options, terminal }) {
    const freeBytes = freeBytesOf(options.free);
    if (options.local === true) {
      if (nodes.length > 0) throw new UsageError('--local looks at this machine, and takes no NODE');
      return told([examineMachine(await machineSight(freeBytes))], options.json === true, terminal);
    }
    try {
      const connection = await connectCluster('doctor', options.context, terminal);
      if (connection === undefined) return exitCodes.failed;
      const sight = await clusterSight(connection, { namespace: options.namespace ?? 'icecore', nodes, freeBytes, viaProxy: options.proxy === true });
      const missing = nodes.filter((name) => !sight.nodes.some(({ node }) => node.metadata.name === name));
      if (missing.length > 0) throw new UsageError(`the cluster has no node ${missing.join(', ')}`);
      return await told([examineCluster(sight.cluster), ...sight.nodes.map(examineNode)], options.json === true, terminal);
    } catch (error) {
      if (!isKubernetesError(error)) throw error;
      terminal.note(`icecore doctor: ${shown(error.message, 500)}`);
      return exitCodes.failed;
    }
  },
});

async function told(all: readonly Examined[], json: boolean, terminal: Terminal): Promise<ExitCode> {
  if (json) for (const each of all) await terminal.json(examinedJson(each));
  else await printExamined(all, terminal);
  const states = new Set(all.flatMap(({ checks }) => checks.map(({ state }) => state)));
  if (states.has('bad')) return exitCodes.no;
  return states.has('unseen') ? exitCodes.partial : exitCodes.done;
}

function freeBytesOf(text: string | undefined): number {
  const gibibytes = Number(text ?? '2');
  if (!Number.isFinite(gibibytes) || gibibytes < 0) throw new UsageError(`--free ${text} is no number of GiB`);
  return Math.round(gibibytes * gibibyte);
}
