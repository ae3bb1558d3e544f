import { describe, expect, it } from '@jest/globals';
import { captureResourceDefinition } from './index.ts';

const text = JSON.stringify(captureResourceDefinition());

describe('the definition of captures', () => {
  it('is structural: no keyword that Kubernetes refuses', () => {
    for (const keyword of ['$ref', '$schema', 'anyOf', 'oneOf', 'const', 'propertyNames', 'exclusiveMinimum', '"additionalProperties":false']) expect(text).not.toContain(keyword);
  });

  it('shows what people look for', () => {
    const columns = [...text.matchAll(/"name":"([^"]+)","type":"[a-z]+","jsonPath":"([^"]+)"/g)].map(([, name]) => name);
    expect(columns).toEqual(['Phase', 'Target', 'Reason', 'Size', 'SHA256', 'Vault key', 'Age', 'Node', 'Finding', 'Why']);
  });

  it('lets nobody change what a capture is for', () => {
    expect(text).toContain('"rule":"self == oldSelf"');
  });
});
