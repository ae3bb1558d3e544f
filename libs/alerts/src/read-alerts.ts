import { createHash } from 'node:crypto';
import { decodeTextExactly } from '@icecore/bytes';
import type { Alert, ReadAlerts } from './alert.ts';
import { MalformedAlert, parseExactJson } from './exact-json.ts';
import { alertmanager } from './sources/alertmanager.ts';
import { unwrapEvents } from './sources/cloud-events.ts';
import { falco } from './sources/falco.ts';
import { guardduty } from './sources/guardduty.ts';
import { kubernetesAudit } from './sources/kubernetes-audit.ts';
import { isRecord, type Source } from './sources/source.ts';
import { tetragon } from './sources/tetragon.ts';
import { tracee } from './sources/tracee.ts';

/** Largest request that is read, in bytes. An audit batch is the largest that real sources send. */
export const maxRequestBytes = 4 << 20;

/** The order decides where shapes overlap: the most particular first. */
const sources: readonly Source[] = [guardduty, alertmanager, kubernetesAudit, tetragon, tracee, falco];

/**
 * Reads the alerts of a request: JSON of any source that icecore knows, told apart by its shape, in CloudEvents
 * envelopes or not, one or a list, or a line each (NDJSON). Never throws for what the request holds: what is not
 * understood is refused with the status that a server answers.
 */
export function readAlerts(body: Uint8Array, contentType: string): ReadAlerts {
  if (body.length > maxRequestBytes) return { outcome: 'refused', status: 413, reason: `${body.length} bytes, takes ${maxRequestBytes}` };
  const type = contentType.toLowerCase().split(';')[0]?.trim() ?? '';
  if (type !== '' && !/^application\/(?:[\w.-]+\+)?(?:x-)?(?:nd)?json$/.test(type) && type !== 'text/plain') {
    return { outcome: 'refused', status: 415, reason: `${type} is not JSON` };
  }
  try {
    const text = decodeTextExactly(body);
    if (text === undefined) throw new MalformedAlert(400, 'not UTF-8');
    const alerts = new Map<string, Alert>();
    const ignored: string[] = [];
    for (const event of eventsOf(text, type)) {
      for (const answer of readEvent(event)) {
        if ('alert' in answer) alerts.set(answer.alert.id, answer.alert);
        else ignored.push(answer.ignored);
      }
    }
    return { outcome: 'read', alerts: [...alerts.values()], ignored, sha256: createHash('sha256').update(body).digest('hex') };
  } catch (error) {
    if (error instanceof MalformedAlert) return { outcome: 'refused', status: error.status, reason: error.message };
    throw error;
  }
}

function eventsOf(text: string, type: string): readonly unknown[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const byLine = type.includes('ndjson') || (lines.length > 1 && lines.every((line) => line.startsWith('{') && line.trimEnd().endsWith('}')));
  return byLine ? lines.flatMap((line) => unwrapEvents(parseExactJson(line), type)) : unwrapEvents(parseExactJson(text), type);
}

function readEvent(event: unknown): ReturnType<Source['read']> {
  if (!isRecord(event)) throw new MalformedAlert(422, 'an alert is a JSON object');
  // A queue's message holds the event as text: SQS alone, or SNS within SQS.
  const inner = event['Body'] ?? event['body'] ?? (event['Type'] === 'Notification' ? event['Message'] : undefined);
  if (typeof inner === 'string') return readEvent(parseExactJson(inner));
  const source = sources.find((each) => each.recognises(event));
  if (source === undefined) throw new MalformedAlert(422, 'no kind of alert that icecore knows');
  return source.read(event);
}
