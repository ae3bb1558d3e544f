import { alertOfOrder, type Policy } from '@icecore/alerts';
import { alertIntake, captureManifest, parseCapture, parsePod } from '@icecore/capture';

/** Rounds after which the way of an alert is compiled. */
const rounds = 150;

/**
 * Walks an invented alert through the decision, again and again, with nothing stored: the first real alerts of an attack come
 * at once, and would wait for what is read and compiled at first use.
 */
export async function warmUp(policy: Policy): Promise<void> {
  const id = 'a'.repeat(64);
  const pod = parsePod({ metadata: { name: 'warm', namespace: 'up', uid: 'uid' }, spec: { nodeName: 'node', containers: [{ name: 'app' }] }, status: { phase: 'Running', containerStatuses: [{ name: 'app', containerID: `containerd://${id}`, state: { running: {} } }] } });
  const allowing: Policy = { ...policy, dryRun: false, protect: [], rules: [{ name: 'warm up', match: {}, capture: { containers: 'all' }, then: [] }] };
  const take = alertIntake({
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
  for (let i = 0; i < rounds; i += 1) await take(alertOfOrder('operator', { namespace: 'up', pod: 'warm', reason: 'warm up', by: 'icecore', nonce: String(i), at: new Date() }), {});
}
