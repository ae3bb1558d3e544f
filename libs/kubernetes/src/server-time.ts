import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Connection } from './connection.ts';

/** The API server's time, by its `Date` header, which counts whole seconds; undefined where it tells none. Rejects where it does not answer. */
export async function serverTime({ server, options }: Connection, timeoutMs = 10_000): Promise<Date | undefined> {
  const given = await options();
  const header = await new Promise<string | undefined>((resolve, reject) => {
    const ask = server.protocol === 'http:' ? httpRequest : httpsRequest;
    const sent = ask(new URL(`${server.pathname.replace(/\/$/, '')}/version`, server), { ...given, signal: AbortSignal.timeout(timeoutMs) }, (answer) => {
      answer.on('error', () => undefined);
      answer.resume();
      resolve(answer.headers.date);
    });
    sent.on('error', reject);
    sent.end();
  });
  const time = new Date(header ?? '');
  return Number.isNaN(time.getTime()) ? undefined : time;
}
