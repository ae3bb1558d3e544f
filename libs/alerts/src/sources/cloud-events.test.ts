import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readAlerts } from '../index.ts';

const event: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../samples/alerts/falco-shell.json'), 'utf8'));
const envelope = (change: object = {}): string => JSON.stringify({ specversion: '1.0', id: '1', source: '/falco', type: 'falco.rule', data: event, ...change });
const structured = 'application/cloudevents+json';
const batch = 'application/cloudevents-batch+json';
const encoded = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');

describe('CloudEvents', () => {
  test.each([
    ['a list of one', `[${envelope()}]`, batch],
    ['data as text', envelope({ data: JSON.stringify(event) }), structured],
    ['data in base 64', envelope({ data: undefined, data_base64: encoded(JSON.stringify(event)) }), structured],
  ])('carry an alert as %s', (_what, body, type) => {
    expect(readAlerts(Buffer.from(body), type)).toMatchObject({ outcome: 'read', alerts: [{ source: 'falco', target: { pod: 'api-7c9d8f6b5-x2x9q' } }] });
  });

  test.each([
    ['no version', envelope({ specversion: undefined }), structured],
    ['a version that is a number', envelope({ specversion: 1 }), structured],
    ['no type', envelope({ type: undefined }), structured],
    ['a type that is a list', envelope({ type: ['falco'] }), structured],
    ['no data', envelope({ data: undefined }), structured],
    ['null data', envelope({ data: null }), structured],
    ['data that is a number', envelope({ data: 7 }), structured],
    ['data that is text and no JSON', envelope({ data: 'a shell was spawned' }), structured],
    ['data in base 64 that is no JSON', envelope({ data: undefined, data_base64: encoded('not JSON') }), structured],
    ['data in base 64 that is none', envelope({ data: undefined, data_base64: '%%%' }), structured],
    ['data of no kind that is known', envelope({ data: { hello: 'world' } }), structured],
    ['data nested too deep', envelope({ data: '['.repeat(100) }), structured],
    ['a list where one is meant', `[${envelope()}]`, structured],
    ['one where a list is meant', envelope(), batch],
    ['a list with a number', `[${envelope()},7]`, batch],
    ['more than it takes', `[${Array.from({ length: 1001 }, () => '{"specversion":"1.0","type":"t","data":{}}').join(',')}]`, batch],
    ['half of it', envelope().slice(0, 200), structured],
  ])('are refused with %s', (_what, body, type) => {
    const answer = readAlerts(Buffer.from(body), type);
    expect(answer).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/\w{3}/) });
    expect([400, 422]).toContain(answer.outcome === 'refused' ? answer.status : 0);
  });
});
