import { topLevelDomains } from '../top-level-domains.ts';
import type { IndicatorType } from '../hits.ts';

/** An indicator within a text: its normalised value and where it stands. */
export interface FoundIndicator {
  readonly type: IndicatorType;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const knownTops = new Set(topLevelDomains);
const schemes = /(?:https?|ftps?|sftp|wss?|tcp|udp|tls|ssl|stratum2?(?:\+(?:tcp|ssl|tls))?|socks[45]h?|ldaps?|rmi|dns|ssh|git|smb|redis|rediss|mongodb(?:\+srv)?|postgres(?:ql)?|mysql|amqps?|mqtts?|nats|s3|gs|docker|unix|daemon\+(?:tcp|ssl)|randomx\+(?:tcp|ssl)|xmr\+(?:tcp|ssl))$/i;
const urlBody = /[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%‹›]{1,2048}/y;

/** The URL around a `://`, with the host that it names. */
export function urlAt(text: string, at: number): readonly FoundIndicator[] {
  const before = schemes.exec(text.slice(Math.max(0, at - 16), at))?.[0];
  if (before === undefined) return [];
  const start = at - before.length;
  if (/[A-Za-z0-9+]/.test(text[start - 1] ?? '')) return [];
  urlBody.lastIndex = at + 3;
  const body = trimmed(urlBody.exec(text)?.[0] ?? '');
  const authority = /^[^/?#]*/.exec(body)?.[0] ?? '';
  const host = (authority.split('@').at(-1) ?? '').replace(/:\d*$/, '').replace(/^\[|\]$/g, '');
  if (!isHost(host)) return [];
  const scheme = before.toLowerCase();
  const url = `${scheme}://${authority.replace(host, host.toLowerCase())}${body.slice(authority.length)}`;
  const end = at + 3 + body.length;
  const pool = /^(?:stratum|randomx|xmr|daemon)/.test(scheme);
  const found: FoundIndicator[] = [{ type: pool ? 'mining_pool' : 'url', value: pool ? url.split('/').slice(0, 3).join('/') : url, start, end }];
  const about = hostIndicator(host.toLowerCase());
  return about === undefined ? found : [...found, { ...about, start, end }];
}

/** What closes a sentence or a bracket around a URL does not belong to it. */
function trimmed(body: string): string {
  let end = body.length;
  while (end > 0 && /[.,;:!?'"*]/.test(body[end - 1] ?? '')) end -= 1;
  let result = body.slice(0, end);
  for (const [open, close] of [['(', ')'], ['[', ']']] as const) {
    if (result.endsWith(close) && !result.includes(open)) result = result.slice(0, -1);
  }
  return result;
}

function isHost(host: string): boolean {
  return host.length >= 1 && host.length <= 253 && (/^(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.?)+$/.test(host) || /^[0-9a-f:]{2,39}$/i.test(host));
}

function hostIndicator(host: string): { readonly type: IndicatorType; readonly value: string } | undefined {
  if (isPublicQuad(host)) return { type: 'ipv4', value: host };
  if (/^[\d.]+$/.test(host) || !host.includes('.')) return undefined;
  return isDomain(host) ? { type: host.endsWith('.onion') ? 'onion' : 'domain', value: host } : undefined;
}

function isDomain(name: string): boolean {
  return name.length <= 253 && /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{1,62}$/.test(name) && !/^\d+(?:\.\d+)+\./.test(name);
}

/** A domain that the kernel met by its top-level domain. */
export function domainIn(text: string): { readonly type: IndicatorType; readonly value: string } | undefined {
  const name = text.toLowerCase().replace(/^[._-]+/, '');
  if (!isDomain(name) || /(?:^|\.)(?:www)?\.(?:com|net|org)$/.test(name)) return undefined;
  if (name.endsWith('.onion')) return /(?:^|\.)(?:[a-z2-7]{16}|[a-z2-7]{56})\.onion$/.test(name) ? { type: 'onion', value: name } : undefined;
  const registered = name.split('.').at(-2) ?? '';
  return /^\d*$/.test(registered) || registered.includes('_') ? undefined : { type: 'domain', value: name };
}

/** Addresses that say something: not those of this host, of nobody, or of a mask. */
export function isPublicQuad(text: string): boolean {
  const parts = text.split('.').map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = parts;
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255) || /(?:^|\.)0\d/.test(text)) return false;
  if (a === 0 || a === 127 || a >= 240 || (a >= 224 && a < 240)) return false;
  // Four small numbers that end in 0 are versions far more often than addresses.
  return !(d === 0 && c === 0 && b < 10 && a < 10);
}

const versionBefore = /(?:version|ver|v|release|rev|revision|build|firmware|assembly|[\w)]-|,\s?PublicKey)[\s="':/]{0,3}$/i;

/** An address that the kernel met, unless what stands before says that it is a version. */
export function quadIn(text: string, start: number, end: number): FoundIndicator | undefined {
  const value = text.slice(start, end);
  if (!isPublicQuad(value) || versionBefore.test(text.slice(Math.max(0, start - 16), start))) return undefined;
  return { type: 'ipv4', value, start, end };
}

const local = /[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_+-])?$/;
const domainPart = /(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])/y;

/** The e-mail address around an at sign. */
export function emailAt(text: string, at: number): FoundIndicator | undefined {
  const name = local.exec(text.slice(Math.max(0, at - 64), at))?.[0];
  domainPart.lastIndex = at + 1;
  const domain = domainPart.exec(text)?.[0];
  if (name === undefined || domain === undefined) return undefined;
  const top = domain.slice(domain.lastIndexOf('.') + 1).toLowerCase();
  if (!knownTops.has(top) && !/^[a-z]{2}$/.test(top)) return undefined;
  const start = at - name.length;
  // `user:password@host` of a URL is no address.
  if (/[:/]/.test(text[start - 1] ?? '') && text.slice(Math.max(0, start - 80), start).includes('://')) return undefined;
  return { type: 'email', value: `${name}@${domain.toLowerCase()}`, start, end: at + 1 + domain.length };
}
