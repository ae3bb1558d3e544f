import { addressKey, networkKeys } from '@icecore/tables';

/** What a person may paste to look for. */
export type PastedType = 'expression' | 'hash' | 'address' | 'network' | 'url' | 'email' | 'domain' | 'path' | 'string';

/** The hunt that looks for a pasted value, and its parameters. */
export interface Pivot {
  readonly type: PastedType;
  readonly hunt: string;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Tells what a pasted value is by its form, and the hunt that looks for it. Marks that analysts put into values so that
 * nobody follows them (`hxxp`, `[.]`) are taken out. What begins with `re:` is a regular expression, and stays as it is.
 */
export function pivotOf(pasted: string): Pivot {
  const expression = /^re:(.+)$/s.exec(pasted.trim())?.[1];
  if (expression !== undefined) return { type: 'expression', hunt: 'pivot-expression', values: { expression } };
  const value = refanged(pasted.trim());
  if (/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(value) || /^sha256:[0-9a-f]{64}$/i.test(value)) {
    return { type: 'hash', hunt: 'pivot-hash', values: { value: value.toLowerCase().replace(/^sha256:/, '') } };
  }
  if (networkKeys(value) !== undefined) return { type: 'network', hunt: 'pivot-network', values: { network: value } };
  if (addressKey(value) !== null) return { type: 'address', hunt: 'pivot-address', values: { address: value.toLowerCase() } };
  if (/^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(value)) return { type: 'url', hunt: 'pivot-string', values: { value } };
  if (value.startsWith('/')) return { type: 'path', hunt: 'pivot-path', values: { path: value.length > 1 ? value.replace(/\/+$/, '') : value } };
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(value)) return { type: 'email', hunt: 'pivot-string', values: { value } };
  if (/^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,24}|xn--[a-z0-9-]{1,59})\.?$/i.test(value)) {
    return { type: 'domain', hunt: 'pivot-domain', values: { domain: value.toLowerCase().replace(/\.$/, '') } };
  }
  return { type: 'string', hunt: 'pivot-string', values: { value } };
}

function refanged(value: string): string {
  return value.replaceAll(/\[\.\]|\(\.\)|\[dot\]/gi, '.').replaceAll('[:]', ':').replaceAll(/\[@\]|\[at\]/gi, '@').replace(/^hxxp/i, 'http');
}
