import { describe, expect, it, test } from '@jest/globals';
import { alertOfOrder, type CaptureOrder, MalformedAlert, parseTarget } from './index.ts';

const order: CaptureOrder = { namespace: 'shop', pod: 'api-1', container: 'api', reason: 'looks odd', by: 'jane', nonce: '1', at: new Date('2026-11-02T14:00:00Z') };

describe('what a person asks for', () => {
  it('is an alert about that container, the same for the same order and another for the next', () => {
    const alert = alertOfOrder('operator', order);
    expect(alert).toMatchObject({ source: 'operator', severity: 100, target: { namespace: 'shop', pod: 'api-1', container: 'api' }, fields: { reason: 'looks odd', by: 'jane' } });
    expect(alertOfOrder('operator', { ...order, reason: 'another word', at: new Date() }).id).toBe(alert.id);
    expect(alertOfOrder('operator', { ...order, nonce: '2' }).id).not.toBe(alert.id);
    expect(alertOfOrder('annotation', order).id).not.toBe(alert.id);
  });

  test.each([['shop/api-1', undefined], ['shop/api-1/api', 'api'], ['shop/api.with.dots/api', 'api']])('is %s on the command line', (text, container) => {
    expect(parseTarget(text)).toMatchObject({ namespace: 'shop', container });
  });

  test.each([
    '', '/', 'shop', 'shop/', '/api', 'shop/api/', 'shop/api/app/more', 'Shop/api', 'sh_op/api', 'shop/Api', 'shop/../kube-system', '../api', 'shop/api/a b', 'shop/api/App', `${'a'.repeat(64)}/api`, `shop/${'a'.repeat(254)}`, 'shop/api\n', 'shop/api/-app',
  ])('is no target: %j', (text) => {
    expect(() => parseTarget(text)).toThrow(MalformedAlert);
  });

  test.each<[string, Partial<CaptureOrder>]>([
    ['no namespace', { namespace: '' }],
    ['a namespace in capitals', { namespace: 'SHOP' }],
    ['a namespace with a slash', { namespace: 'shop/../kube-system' }],
    ['a namespace that is too long', { namespace: 'a'.repeat(64) }],
    ['no pod', { pod: '' }],
    ['a pod that leads elsewhere', { pod: '../x' }],
    ['a pod with a blank', { pod: 'a b' }],
    ['a pod that is too long', { pod: 'a'.repeat(254) }],
    ['an empty container, as an annotation may have it', { container: '' }],
    ['a container in capitals', { container: 'API' }],
    ['a container with a line break', { container: 'api\nx' }],
    ['containers in a list', { container: 'api,proxy' }],
  ])('is refused with %s', (_what, change) => {
    const refused = ((): unknown => {
      try {
        return alertOfOrder('annotation', { ...order, ...change });
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toMatchObject({ name: 'MalformedAlert', status: 422, message: expect.stringMatching(/is not a name that Kubernetes allows$/) });
  });
});
