import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../index.ts';
import type { S3Proxy, Tampering } from './s3-proxy.ts';
import type { FaultCase, Stage } from './stage.test-support.ts';

function proxyOf({ proxy }: Stage): S3Proxy {
  if (proxy === undefined) throw new Error('the stage has no S3 server');
  return proxy;
}

/** Requests about these pods, by their keys, meet the fault. */
function faulty(method: string, query: string, fault: Fault, times: number): FaultCase['inject'] {
  return (stage, pods) => {
    const proxy = proxyOf(stage);
    const before = proxy.faults.met;
    for (const pod of pods) proxy.faults.plan(new RegExp(`^${method} /\\S*/${pod}-\\S*${query}`), fault, times);
    return () => proxy.faults.met - before;
  };
}

function tampered(method: string, query: string, how: Tampering, times: number): FaultCase['inject'] {
  return (stage, pods) => {
    const proxy = proxyOf(stage);
    const before = proxy.tampered;
    for (const pod of pods) proxy.tamper(new RegExp(`^${method} /\\S*/${pod}-\\S*${query}`), how, times);
    return () => proxy.tampered - before;
  };
}

const xml = (code: string): string => `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
const answer = (status: number, code: string): Fault => ({ kind: 'answer', status, body: xml(code), contentType: 'application/xml' });

/** Faults of the store; the archives are large enough to be sent in parts. */
export const storeCases: readonly FaultCase[] = [
  { id: 's3-refuses', what: 'S3 refuses the upload: 403 AccessDenied', alerts: 1, inject: faulty('POST', 'uploads', answer(403, 'AccessDenied'), 1), ends: 'VaultRefused', words: /(AccessDenied)/, nodeKeeps: true },
  { id: 's3-throttles', what: 'S3 throttles: 503 SlowDown', alerts: 1, inject: faulty('PUT', 'partNumber', answer(503, 'SlowDown'), 4), ends: 'sealed', words: /"sealed"/ },
  { id: 's3-throttles-long', what: 'S3 throttles for longer than one upload tries', alerts: 1, inject: faulty('POST', 'uploads', answer(503, 'SlowDown'), 6), ends: 'sealed', words: /(VaultUnavailable).*(SlowDown)/ },
  { id: 's3-fails', what: 'S3 answers 500 InternalError', alerts: 1, inject: faulty('PUT', 'partNumber', answer(500, 'InternalError'), 3), ends: 'sealed', words: /"sealed"/ },
  { id: 's3-cuts', what: 'the connection is cut in the middle of a part', alerts: 1, inject: tampered('PUT', 'partNumber', { kind: 'cut-after', bytes: 1 << 20 }, 3), ends: 'sealed', words: /"sealed"/ },
  { id: 's3-lost', what: 'the upload is completed, and the answer lost', alerts: 1, inject: faulty('POST', 'uploadId', { kind: 'lost' }, 1), ends: 'sealed', words: /"sealed"/ },
  { id: 's3-checksum', what: 'S3 answers a part with another checksum', alerts: 1, inject: tampered('PUT', 'partNumber=1', { kind: 'wrong-checksum' }, 1), ends: 'sealed', words: /"sealed"/ },
  { id: 's3-flips', what: 'a bit of a part is turned on its way', alerts: 1, inject: tampered('PUT', 'partNumber=1', { kind: 'flip' }, 1), ends: 'sealed', words: /"sealed"/ },
  { id: 's3-flips-on', what: 'a bit of a part is turned each time that it is sent', alerts: 1, inject: tampered('PUT', 'partNumber=1', { kind: 'flip' }, 3), ends: 'VaultRefused', words: /(VaultRefused)/, nodeKeeps: true },
  { id: 's3-away', what: 'S3 takes no connection, from the upload on', alerts: 2, inject: away, ends: 'sealed', words: /(VaultUnavailable)/ },
];

function away(stage: Stage, pods: readonly string[]): () => string {
  const proxy = proxyOf(stage);
  const end = stage.rehearsal.api.store.onChange(({ object }) => {
    if (!object.metadata.name.startsWith(`${pods[0]}-`) || !JSON.stringify(object['status'] ?? {}).includes('"shipping"')) return;
    end();
    void (async () => {
      await proxy.close();
      await sleep(20_000);
      await proxy.open();
    })();
  });
  return () => '20 s';
}
