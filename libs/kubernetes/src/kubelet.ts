import { readFile } from 'node:fs/promises';
import { type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { Kubelet, KubeletReply } from '@icecore/capture';
import type { ApiClient } from './api-client.ts';
import { isKubernetesError } from './errors.ts';

/** Largest answer of a kubelet that is read, in bytes: CRI-O quotes a log in it. */
const maxAnswerBytes = 4 << 20;
/** How much longer than the kubelet's own limit its answer is waited for, in milliseconds. */
const patienceMs = 5000;

export interface KubeletOptions {
  /** `https://10.0.41.17:10250`. */
  readonly url: string;
  /** PEM of the authority that signed the kubelet's certificate; a file, read at each call, as authorities change. */
  readonly caFile: string;
  /** File of the token; read at each call. */
  readonly tokenFile: string;
  /** Name in the kubelet's certificate, where it is not the host of the URL. */
  readonly serverName?: string;
}

function checkpointPath({ namespace, pod, container }: { readonly namespace: string; readonly pod: string; readonly container: string }): string {
  return `/checkpoint/${[namespace, pod, container].map(encodeURIComponent).join('/')}`;
}

/** The node's kubelet, asked itself; needs `create nodes/checkpoint`. */
export function directKubelet({ url, caFile, tokenFile, serverName }: KubeletOptions): Kubelet {
  return {
    async checkpoint(target, timeoutSeconds) {
      let credentials: readonly [string, string];
      try {
        credentials = [await readFile(caFile, 'utf8'), (await readFile(tokenFile, 'utf8')).trim()];
      } catch (error) {
        return { kind: 'unreachable', message: text(error) };
      }
      const [ca, token] = credentials;
      const address = new URL(checkpointPath(target), url);
      address.searchParams.set('timeout', String(timeoutSeconds));
      return new Promise<KubeletReply>((resolve) => {
        let connected = false;
        const lose = (error: unknown): void => resolve({ kind: connected ? 'lost' : 'unreachable', message: text(error) });
        const sent = request(address, { method: 'POST', agent: false, ca, ...(serverName === undefined ? {} : { servername: serverName }), headers: { authorization: `Bearer ${token}`, 'content-length': '0' }, signal: AbortSignal.timeout(timeoutSeconds * 1000 + patienceMs) });
        // Before that nothing of the request is sent, and afterwards it may have been read.
        sent.on('socket', (socket) => socket.once('secureConnect', () => (connected = true)));
        sent.on('error', lose);
        sent.on('response', (answer) => void readAnswer(answer).then(resolve, lose));
        sent.end();
      });
    },
  };
}

/** The kubelet by way of the API server's node proxy; needs `create nodes/proxy`, a far wider right. */
export function proxiedKubelet(api: ApiClient, node: string): Kubelet {
  return {
    async checkpoint(target, timeoutSeconds) {
      try {
        const { status, body } = await api.text({ method: 'POST', path: `/api/v1/nodes/${encodeURIComponent(node)}/proxy${checkpointPath(target)}`, query: { timeout: String(timeoutSeconds) }, accept: '*/*', timeoutMs: timeoutSeconds * 1000 + patienceMs });
        return { kind: 'answer', status, body };
      } catch (error) {
        const refused = isKubernetesError(error, 'Unreachable') && error.cause instanceof Error && 'code' in error.cause && (error.cause.code === 'ECONNREFUSED' || error.cause.code === 'ENOTFOUND');
        return { kind: refused ? 'unreachable' : 'lost', message: text(error) };
      }
    },
  };
}

async function readAnswer(answer: IncomingMessage): Promise<KubeletReply> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of answer) {
    const bytes = Buffer.from(piece);
    length += bytes.length;
    // What is past the limit is read and dropped: the reason stands at the beginning or, quoted, within it.
    if (length <= maxAnswerBytes) pieces.push(bytes);
  }
  return { kind: 'answer', status: answer.statusCode ?? 0, body: Buffer.concat(pieces).toString('utf8') };
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
