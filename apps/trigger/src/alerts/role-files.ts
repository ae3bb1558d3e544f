import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Authentication, authenticator, type Policy, parsePolicy, type Proof } from '@icecore/alerts';
import type { Logger } from '../logger.ts';
import type { AlertsSettings } from '../settings.ts';
import { parseCredentials, readCredentials } from './credentials.ts';
import type { AlertMetrics } from './metrics.ts';
import type { AlertServerOptions } from './server.ts';
import { readText, watched } from './watched-file.ts';

/** How often files of settings are looked at for changes, in milliseconds. */
const lookAgainMs = 2000;

/** Policy and credentials as their files have them now; where those cannot be followed, the last that could. */
export interface RoleFiles {
  policy(): Policy;
  authenticate(proof: Proof): Authentication;
  /** Looks for changes, again and again, until the signal. */
  follow(signal: AbortSignal): Promise<void>;
}

/** Rejects where a file cannot be followed from the start. */
export async function roleFiles(settings: AlertsSettings, metrics: AlertMetrics, log: Logger): Promise<RoleFiles> {
  const policy = await watched(readText(settings.ICECORE_POLICY), parsePolicy, (fault) => {
    metrics.policyValid.set(fault === undefined ? 1 : 0);
    if (fault === undefined) log.info('the policy changed and is in force');
    else log.error({ fault }, 'the policy cannot be followed; the last good one stays in force');
  });
  metrics.policyValid.set(1);
  const withCertificates = settings.ICECORE_CLIENT_CA !== undefined;
  const authentication = await watched(
    readCredentials(settings),
    (text) => authenticator(parseCredentials(text, withCertificates), Date.now),
    (fault) => (fault === undefined ? log.info('credentials changed') : log.error({ fault }, 'credentials cannot be read; the last ones stay in force')),
  );
  return {
    policy: () => policy.value,
    authenticate: (proof) => authentication.value(proof),
    async follow(signal) {
      while (!signal.aborted) {
        await Promise.all([policy.check(), authentication.check()]);
        await sleep(lookAgainMs, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}

/** Certificate and key that alerts are taken with; undefined where they are taken in the clear, behind something that ends TLS. */
export async function serverTls({ ICECORE_TLS_CERT, ICECORE_TLS_KEY, ICECORE_CLIENT_CA }: AlertsSettings): Promise<AlertServerOptions['tls']> {
  if (ICECORE_TLS_CERT === undefined || ICECORE_TLS_KEY === undefined) return undefined;
  return {
    cert: await readFile(ICECORE_TLS_CERT, 'utf8'),
    key: await readFile(ICECORE_TLS_KEY, 'utf8'),
    ca: ICECORE_CLIENT_CA === undefined ? undefined : await readFile(ICECORE_CLIENT_CA, 'utf8'),
  };
}
