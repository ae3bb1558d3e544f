import { Agent, request } from 'node:http';
import { alertOfOrder, type Policy } from '@icecore/alerts';
import { alertIntake, captureManifest, parseCapture, parsePod } from '@icecore/capture';
import { pino } from 'pino';
import { alertMetrics } from './metrics.ts';
import { serveAlerts } from './server.ts';

/** Rounds after which the way of an alert is compiled. */
const rounds = { decisions: 150, requests: 200 } as const;
/** Requests that are on their way at once, as in a burst of alerts. */
const atOnce = 8;

const id = 'a'.repeat(64);
const pod = parsePod({ metadata: { name: 'warm', namespace: 'up', uid: 'uid' }, spec: { nodeName: 'node', containers: [{ name: 'app' }] }, status: { phase: 'Running', containerStatuses: [{ name: 'app', containerID: `containerd://${id}`, state: { running: {} } }] } });

/**
 * Walks invented alerts through the decision, and through a server of its own on the loopback address, again and again, with
 * nothing stored: the first real alerts of an attack come at once, and would wait for what is read and compiled at first use.
 * `reach` asks the cluster for something small, so that connections to it stand.
 */
export async function warmUp(policy: Policy, reach: () => Promise<unknown>): Promise<void> {
  const take = inventedIntake(policy);
  for (let i = 0; i < rounds.decisions; i += 1) await take(alertOfOrder('operator', { namespace: 'up', pod: 'warm', reason: 'warm up', by: 'icecore', nonce: String(i), at: new Date() }), {});
  // Where the cluster does not answer, whoever watches it says so.
  await Promise.allSettled(Array.from({ length: atOnce }, reach));
  await warmServer(take);
}

function inventedIntake(policy: Policy): ReturnType<typeof alertIntake> {
  const allowing: Policy = { ...policy, dryRun: false, protect: [], rules: [{ name: 'warm up', match: {}, capture: { containers: 'all' }, then: [] }] };
  return alertIntake({
    now: Date.now,
    policy: () => allowing,
    pod: async () => pod,
    podsOf: async () => [],
    namespaceLabels: async () => ({}),
    known: () => [],
    async create(capture) {
      const metadata = { name: capture.name, namespace: 'icecore', uid: 'uid', resourceVersion: '1', creationTimestamp: new Date().toISOString() };
      parseCapture({ ...JSON.parse(JSON.stringify(captureManifest(capture, 'icecore'))), metadata });
      return 'created';
    },
  });
}

async function warmServer(take: ReturnType<typeof alertIntake>): Promise<void> {
  const server = await serveAlerts({ host: '127.0.0.1', port: 0, tls: undefined, authenticate: () => ({ allowed: true, sender: 'icecore' }), allow: () => true, take, metrics: alertMetrics(() => new Map(), false), log: pino({ level: 'silent' }) });
  const address = server.address();
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  try {
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    for (let i = 0; i < rounds.requests; i += atOnce) await Promise.all(Array.from({ length: atOnce }, (_, j) => post(port, agent, i + j)));
  } finally {
    agent.destroy();
    server.close();
  }
}

function post(port: number, agent: Agent, i: number): Promise<void> {
  const body = JSON.stringify({ output: 'warm up', priority: 'Notice', rule: 'warm up', time: new Date().toISOString(), output_fields: { 'k8s.ns.name': 'up', 'k8s.pod.name': 'warm', 'container.name': 'app', 'evt.num': i }, tags: ['T1059'] });
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: '/alerts', method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (answer) => {
      answer.resume();
      answer.on('end', resolve);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
