import { MalformedAlert, parseExactJson } from '../exact-json.ts';
import { isRecord } from './source.ts';

/** Most events that one batch may carry. */
export const maxBatchedEvents = 1000;

/**
 * Takes the events out of CloudEvents 1.0 envelopes (HTTP binding): structured, batched, or as they are. What a
 * binary-mode request or a plain one carries is the event itself.
 */
export function unwrapEvents(body: unknown, contentType: string): readonly unknown[] {
  if (contentType.startsWith('application/cloudevents-batch+json')) {
    if (!Array.isArray(body)) throw new MalformedAlert(400, 'a CloudEvents batch is a list');
    return limited(body).map(dataOf);
  }
  if (contentType.startsWith('application/cloudevents+json')) return [dataOf(body)];
  if (isRecord(body) && 'specversion' in body && 'type' in body && ('data' in body || 'data_base64' in body)) return [dataOf(body)];
  return Array.isArray(body) ? limited(body) : [body];
}

function limited(events: readonly unknown[]): readonly unknown[] {
  if (events.length > maxBatchedEvents) throw new MalformedAlert(422, `${events.length} events in one request, takes ${maxBatchedEvents}`);
  return events;
}

function dataOf(envelope: unknown): unknown {
  if (!isRecord(envelope) || typeof envelope['specversion'] !== 'string' || typeof envelope['type'] !== 'string') {
    throw new MalformedAlert(400, 'a CloudEvent has a specversion and a type');
  }
  const { data, data_base64: encoded } = envelope;
  if (typeof encoded === 'string') return parseExactJson(Buffer.from(encoded, 'base64').toString('utf8'));
  if (typeof data === 'string') return parseExactJson(data);
  if (data === undefined) throw new MalformedAlert(422, 'the CloudEvent carries no data');
  return data;
}
