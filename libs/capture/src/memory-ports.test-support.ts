import { captureFinalizer, type Capture, type CaptureStatus, type KubeletReply, type NodePorts, parseCapture, parsePod, type Pod } from './index.ts';

/** A cluster and a node in memory, with what was done to them. */
export interface World {
  now: number;
  readonly captures: Map<string, Capture>;
  readonly files: Map<string, string>;
  readonly vault: Map<string, string>;
  pod: Pod | undefined;
  freeBytes: number;
  /** What the kubelet says next; by default it takes the checkpoint. */
  replies: (KubeletReply | 'lost after it was taken')[];
  kubeletCalls: number;
  vaultAway: number;
  vaultFault: string | undefined;
  /** Writes of others that come between a read and a write. */
  conflicts: number;
  /** Breaks off at the call of this number, as a process that is killed. */
  dieAt: number;
  calls: number;
  readonly events: string[];
  readonly phases: string[];
}

export class Killed extends Error {
  override readonly name = 'Killed';
}

export const podManifest = {
  metadata: { name: 'api-1', namespace: 'shop', uid: 'uid-1' },
  spec: { nodeName: 'n1', containers: [{ name: 'api', image: 'i' }] },
  status: { phase: 'Running', containerStatuses: [{ name: 'api', containerID: `containerd://${'a'.repeat(64)}`, state: { running: {} } }] },
};

export function world(): World {
  return { now: Date.parse('2026-11-25T10:00:00.500Z'), captures: new Map(), files: new Map(), vault: new Map(), pod: parsePod(podManifest), freeBytes: 1e12, replies: [], kubeletCalls: 0, vaultAway: 0, vaultFault: undefined, conflicts: 0, dieAt: Infinity, calls: 0, events: [], phases: [] };
}

export function captureIn(of: World, name: string, spec: Partial<Capture['spec']> = {}): void {
  const capture = parseCapture({
    metadata: { name, namespace: 'icecore', uid: `uid-of-${name}`, resourceVersion: '1', creationTimestamp: '2026-11-25T10:00:00Z', finalizers: [captureFinalizer] },
    spec: {
      subject: 'shop/api-1/api', target: { namespace: 'shop', pod: 'api-1', podUid: 'uid-1', container: 'api', containerId: 'a'.repeat(64), node: 'n1', workload: 'shop/api-1' },
      reason: 'test', meaning: 'm', retention: { lockSeconds: 60, hold: false }, limits: { freeBytes: 1000, perNodePerHour: 10 }, then: [], ...spec,
    },
  });
  of.captures.set(name, capture);
}

/** Ports into a world; each call may be the one at which the process dies: before its work, or after it and before its answer. */
export function portsInto(of: World): NodePorts {
  const call = async <T>(work: () => T): Promise<T> => {
    of.calls += 1;
    if (of.calls === of.dieAt) throw new Killed('before');
    const result = work();
    of.calls += 1;
    if (of.calls === of.dieAt) throw new Killed('after');
    return result;
  };
  const write = (capture: Capture, change: (current: Capture) => Capture) => {
    const current = of.captures.get(capture.metadata.name);
    if (current === undefined) return { outcome: 'gone' } as const;
    if (of.conflicts > 0) {
      of.conflicts -= 1;
      of.captures.set(capture.metadata.name, { ...current, metadata: { ...current.metadata, resourceVersion: `${Number(current.metadata.resourceVersion) + 1}`, labels: { touched: 'yes' } } });
    }
    const latest = of.captures.get(capture.metadata.name) ?? current;
    if (latest.metadata.resourceVersion !== capture.metadata.resourceVersion) return { outcome: 'conflict' } as const;
    const next = change(latest);
    const stored = { ...next, metadata: { ...next.metadata, resourceVersion: `${Number(latest.metadata.resourceVersion) + 1}` } };
    of.captures.set(capture.metadata.name, stored);
    return { outcome: 'stored', capture: stored } as const;
  };
  return {
    node: 'n1',
    now: () => of.now,
    limits: { checkpointSeconds: 10, graceSeconds: 1, maxAttempts: 3, backoffMs: [100, 1000] },
    containerMemory: async () => 500,
    store: {
      get: (name) => call(() => of.captures.get(name)),
      known: () => of.captures.values(),
      create: async () => 'exists',
      writeStatus: (capture, status: CaptureStatus) => call(() => (of.phases.push(status.phase), write(capture, (current) => ({ ...current, status })))),
      release: (capture) => call(() => write(capture, (current) => ({ ...current, metadata: { ...current.metadata, finalizers: [] } }))),
      tell: (_capture, { reason }) => call(() => void of.events.push(reason)),
    },
    pods: { pod: () => call(() => of.pod) },
    kubelet: {
      checkpoint: () =>
        call((): KubeletReply => {
          of.kubeletCalls += 1;
          const next = of.replies.shift();
          if (next !== undefined && next !== 'lost after it was taken') return next;
          const name = `checkpoint-api-1_shop-api-${new Date(of.now).toISOString().slice(0, 19)}Z.tar`;
          of.files.set(name, `archive ${of.kubeletCalls}`);
          return next === undefined ? { kind: 'answer', status: 200, body: JSON.stringify({ items: [`/var/lib/kubelet/checkpoints/${name}`] }) } : { kind: 'lost', message: 'cut' };
        }),
    },
    folder: {
      path: '/var/lib/kubelet/checkpoints',
      freeBytes: () => call(() => of.freeBytes),
      list: () => call(() => [...of.files].map(([name, text]) => ({ name, bytes: text.length, modifiedAt: new Date(of.now) }))),
      isWhole: (name) => call(() => of.files.has(name)),
      fingerprint: (name) => call(() => (of.files.has(name) ? { bytes: of.files.get(name)!.length, sha256: shaOf(of.files.get(name)!) } : undefined)),
      remove: (name) => call(() => void of.files.delete(name)),
      dumpLog: () => call(() => undefined),
    },
    beside: { gather: () => call(() => undefined), discard: () => call(() => undefined) },
    vault: {
      location: '/vault',
      seal: (capture, archive) =>
        call(() => {
          if (of.vaultAway-- > 0) throw new Error('no route');
          const text = of.files.get(archive) ?? '';
          const key = `clusters/${capture.metadata.name}/`;
          if (of.vault.has(key) && of.vault.get(key) !== text) return { outcome: 'refused', message: 'other bytes' } as const;
          of.vault.set(key, text);
          return { outcome: 'sealed', key, sha256: shaOf(text), bytes: text.length } as const;
        }),
      fault: (key) => call(() => of.vaultFault ?? (of.vault.has(key) ? undefined : 'missing')),
    },
  };
}

function shaOf(text: string): string {
  return Buffer.from(text.padEnd(32, '.')).toString('hex').slice(0, 64).padEnd(64, '0');
}
