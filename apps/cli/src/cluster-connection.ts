import { anyConnection, type Connection, kubeconfigConnection } from '@icecore/kubernetes';
import { shown } from './render/text-table.ts';
import type { Terminal } from './terminal.ts';

/** The way to the cluster of the kubeconfig, or of the pod that this runs in; undefined where there is none, which is told in the name of the command. */
export async function connectCluster(command: string, context: string | undefined, terminal: Terminal): Promise<Connection | undefined> {
  try {
    const connection = context === undefined ? await anyConnection(process.env) : await kubeconfigConnection(context);
    await connection.options();
    return connection;
  } catch (error) {
    terminal.note(`icecore ${command}: there is no way to a cluster: ${shown(error instanceof Error ? error.message : String(error), 300)}`);
    return undefined;
  }
}
