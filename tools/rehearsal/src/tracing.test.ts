import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { recordedCheckpointer, type Rehearsal, startRehearsal } from './index.ts';
import { capturingPolicy, falcoAlert, recordedArchive } from './samples.test-support.ts';

const attribute = z.object({ key: z.string(), value: z.object({ stringValue: z.string().optional(), intValue: z.union([z.number(), z.string()]).optional() }) });
const exported = z.object({
  resourceSpans: z.array(z.object({ resource: z.object({ attributes: z.array(attribute) }), scopeSpans: z.array(z.object({ spans: z.array(z.object({ traceId: z.string(), spanId: z.string(), parentSpanId: z.string().optional(), name: z.string(), startTimeUnixNano: z.string(), endTimeUnixNano: z.string(), attributes: z.array(attribute).default([]) })) })) })),
});
interface Span {
  readonly service: string | undefined;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly name: string;
  readonly ms: number;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
}

/** Keeps what an OTLP endpoint is sent (OTLP/HTTP 1.x, JSON). */
async function startCollector(): Promise<{ readonly url: string; readonly spans: Span[]; readonly server: Server }> {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => (text += String(piece)));
    request.on('end', () => {
      expect([request.method, request.url]).toEqual(['POST', '/v1/traces']);
      const named = (list: z.infer<typeof attribute>[]): Span['attributes'] => Object.fromEntries(list.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));
      for (const { resource, scopeSpans } of exported.parse(JSON.parse(text)).resourceSpans) {
        for (const { startTimeUnixNano: from, endTimeUnixNano: to, attributes, ...span } of scopeSpans.flatMap((each) => each.spans)) spans.push({ ...span, service: String(named(resource.attributes)['service.name']), ms: Number(BigInt(to) - BigInt(from)) / 1e6, attributes: named(attributes) });
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, server };
}

let rehearsal: Rehearsal;
let collector: Awaited<ReturnType<typeof startCollector>>;
beforeAll(async () => (collector = await startCollector()));
afterAll(async () => {
  await rehearsal.stop();
  collector.server.closeAllConnections();
  collector.server.close();
});

describe('a trace', () => {
  it('goes from the sender’s request through every phase to the sealed evidence', async () => {
    rehearsal = await startRehearsal({ policy: capturingPolicy(), checkpointer: recordedCheckpointer(recordedArchive, () => 200) });
    rehearsal.addPod({ namespace: 'shop', name: 'one', containers: ['app'] });
    rehearsal.addPod({ namespace: 'shop', name: 'two', containers: ['app'], annotations: { 'icecore.dev/capture': 'looks odd' } });
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    const [alerts, node] = [rehearsal.start('alerts', env), rehearsal.start('node', env)];
    const { url } = await alerts.ready;
    await node.ready;
    const [traceId, sender] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
    const answer = await fetch(`${url}/alerts`, { method: 'POST', body: falcoAlert('shop', 'one', 'app'), headers: { 'content-type': 'application/json', authorization: `Bearer ${rehearsal.token}`, traceparent: `00-${traceId}-${sender}-01` } });
    expect(answer.status).toBe(202);
    await rehearsal.until((all) => all.length === 2 && all.every(({ status, metadata }) => status.phase === 'sealed' && metadata.finalizers?.length === 0));
    expect([await alerts.stop(), await node.stop()]).toEqual([0, 0]);
    for (let i = 0; i < 50 && collector.spans.filter(({ name }) => name === 'removing').length < 2; i += 1) await sleep(50);

    const trace = collector.spans.filter((span) => span.traceId === traceId);
    const [root] = trace.filter(({ service }) => service === 'icecore-alerts');
    expect(root).toMatchObject({ name: 'alerts', parentSpanId: sender, attributes: { 'icecore.alerts': 1 } });
    const phases = trace.filter(({ service }) => service === 'icecore-node');
    expect(phases.map(({ name }) => name).sort()).toEqual(['checking', 'checkpointing', 'hashing', 'pending', 'removing', 'shipping', 'verifying']);
    const capture = rehearsal.captures().find(({ spec }) => spec.target.pod === 'one')?.metadata.name;
    for (const span of phases) expect(span).toMatchObject({ parentSpanId: root?.spanId, attributes: { 'icecore.capture': capture } });
    expect(phases.find(({ name }) => name === 'removing')?.attributes['icecore.next']).toBe('sealed');
    expect(phases.find(({ name }) => name === 'checkpointing')?.ms).toBeGreaterThan(150);

    // What nobody traced before begins a trace of its own; what is invented to warm up begins none.
    const [own] = collector.spans.filter(({ name }) => name === 'alert');
    expect(own).toMatchObject({ service: 'icecore-alerts', attributes: { 'icecore.source': 'annotation' } });
    expect(collector.spans.filter((span) => span.traceId === own?.traceId).length).toBe(8);
    expect(collector.spans).toHaveLength(16);
  });
});
