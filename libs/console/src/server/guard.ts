import { randomBytes } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Session } from './session.ts';

/** Name of the cookie, with the port in it: cookies do not tell ports of one host apart. */
export function cookieName(port: number): string {
  return `icecore_${port}`;
}

/** What a request carries for those who answer it. */
export interface Carried {
  readonly Variables: { nonce: string };
}

/**
 * Headers of every answer. No script runs but the console's own files, nothing of elsewhere is loaded, nobody may frame it,
 * and the page cannot make markup out of text (Trusted Types). The editor alone needs a style of its own, by nonce.
 */
export const securityHeaders: MiddlewareHandler<Carried> = async (context, next) => {
  const nonce = randomBytes(16).toString('base64');
  context.set('nonce', nonce);
  await next();
  const headers = {
    'Content-Security-Policy': [
      "default-src 'none'", "script-src 'self'", `style-src 'self' 'nonce-${nonce}'`, "img-src 'self'", "connect-src 'self'",
      "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), clipboard-read=()',
    'Cache-Control': 'no-store',
  };
  for (const [name, value] of Object.entries(headers)) context.header(name, value);
};

/**
 * Refuses a request that was sent to another name than this machine's own: a page of elsewhere whose name was made to lead
 * here (DNS rebinding) sends its own name.
 */
export function ownHostOnly(port: number): MiddlewareHandler {
  const own = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
  return async (context, next) => {
    const host = context.req.header('host')?.toLowerCase();
    return host !== undefined && own.has(host) ? next() : refuse(context, 421, 'wrong_host', 'The console answers to 127.0.0.1 and localhost alone.');
  };
}

/** Refuses who has no session, what another site asks for, and writes whose origin is not the console's own. */
export function sessionOnly(session: Session, port: number): MiddlewareHandler {
  return async (context, next) => {
    const site = context.req.header('sec-fetch-site');
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return refuse(context, 403, 'other_site', 'Another site may not ask the console.');
    if (!session.accepts(getCookie(context, cookieName(port)))) return refuse(context, 401, 'no_session', 'Open the link that icecore serve printed.');
    if (context.req.method === 'GET' || context.req.method === 'HEAD') return next();
    const host = context.req.header('host') ?? '';
    if (context.req.header('origin') !== `http://${host}`) return refuse(context, 403, 'other_origin', 'Only the console itself may change something.');
    const type = context.req.header('content-type') ?? '';
    return type.split(';')[0]?.trim() === 'application/json' ? next() : refuse(context, 415, 'not_json', 'The request must be JSON.');
  };
}

export function refuse(context: Context, status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 421 | 422 | 500 | 504, code: string, message: string): Response {
  return context.json({ code, message }, status);
}
