/** What an answer of 401 asks for (RFC 9110, `WWW-Authenticate`; the token protocol of the distribution project). */
export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service: string | undefined; readonly scope: string | undefined };

/** Reads the first challenge that is known; undefined where there is none. */
export function parseChallenge(header: string | null): Challenge | undefined {
  if (header === null) return undefined;
  const bearer = /(?:^|,)\s*Bearer\s+(.*)/i.exec(header)?.[1];
  if (bearer !== undefined) {
    const parameters = new Map([...bearer.matchAll(/([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi)].map(([, name, quoted, plain]) => [(name ?? '').toLowerCase(), (quoted ?? plain ?? '').replace(/\\(.)/g, '$1')]));
    const realm = parameters.get('realm');
    if (realm !== undefined) return { scheme: 'bearer', realm, service: parameters.get('service'), scope: parameters.get('scope') };
  }
  return /(?:^|,)\s*Basic\b/i.test(header) ? { scheme: 'basic' } : undefined;
}
