import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent, type RequestOptions } from 'node:https';

/** Where the API server is, and how one proves who one is. */
export interface Connection {
  readonly server: URL;
  /** Namespace that the credentials belong to, where they say. */
  readonly namespace: string | undefined;
  /** What every request carries: asked anew for each, as tokens change. */
  options(): Promise<RequestOptions>;
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';
/** How long a token that was read is used before its file is read again, in milliseconds; tokens live an hour at the least. */
const tokenAgeMs = 30_000;

/** The file's text, read again when it is older than a while. */
export function rereadFile(path: string, ageMs = tokenAgeMs): () => Promise<string> {
  let kept: { readonly text: string; readonly at: number } | undefined;
  return async () => {
    const now = Date.now();
    if (kept === undefined || now - kept.at > ageMs) kept = { text: (await readFile(path, 'utf8')).trim(), at: now };
    return kept.text;
  };
}

/** The connection that Kubernetes gives to a pod; undefined outside of one. */
export async function inClusterConnection(env: Readonly<Record<string, string | undefined>>, folder = serviceAccount): Promise<Connection | undefined> {
  const [host, port] = [env['KUBERNETES_SERVICE_HOST'], env['KUBERNETES_SERVICE_PORT']];
  if (host === undefined || port === undefined) return undefined;
  const ca = await readFile(`${folder}/ca.crt`, 'utf8');
  const token = rereadFile(`${folder}/token`);
  const agent = new Agent({ keepAlive: true, ca, maxSockets: 64 });
  return {
    server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    namespace: await readFile(`${folder}/namespace`, 'utf8').then((text) => text.trim(), () => undefined),
    options: async () => ({ agent, headers: { authorization: `Bearer ${await token()}` } }),
  };
}

/**
 * The connection of a kubeconfig: that of `KUBECONFIG`, else of the home folder. Clouds' login programs work as they do for
 * kubectl. The client that knows them is loaded here and not before: it is large.
 */
export async function kubeconfigConnection(context?: string): Promise<Connection> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromDefault();
  if (context !== undefined) config.setCurrentContext(context);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('the kubeconfig has no current context');
  const server = new URL(cluster.server);
  const plain = new HttpAgent({ keepAlive: true, maxSockets: 64 });
  return {
    server,
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    async options() {
      const options: RequestOptions = { headers: {} };
      await config.applyToHTTPSOptions(options);
      return server.protocol === 'http:' ? { ...options, agent: plain } : options;
    },
  };
}

/** The pod's own connection, or the kubeconfig's outside of a cluster. `ICECORE_SERVICE_ACCOUNT` is where a pod has its token, where that is not the usual place. */
export async function anyConnection(env: Readonly<Record<string, string | undefined>>): Promise<Connection> {
  const inside = env['KUBECONFIG'] === undefined ? await inClusterConnection(env, env['ICECORE_SERVICE_ACCOUNT']) : undefined;
  return inside ?? kubeconfigConnection();
}
