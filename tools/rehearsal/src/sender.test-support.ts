/*
 * Sends alerts at fixed moments, whatever the answers take, from a process of its own, so that what is measured is the
 * server's time and not that of the stand-ins. Reads its orders from standard input, writes latencies to standard output.
 */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

interface Orders {
  readonly url: string;
  readonly token: string;
  readonly bodies: readonly string[];
  readonly everyMs: number;
}

const pieces: Buffer[] = [];
for await (const piece of process.stdin) pieces.push(Buffer.from(piece));
const { url, token, bodies, everyMs }: Orders = JSON.parse(Buffer.concat(pieces).toString('utf8'));
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

const send = (body: string): Promise<{ ms: number; status: number }> =>
  new Promise((resolve, reject) => {
    const begun = performance.now();
    const sent = request(`${url}/alerts`, { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), authorization: `Bearer ${token}` } }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ ms: performance.now() - begun, status: answer.statusCode ?? 0 }));
    });
    sent.on('error', reject);
    sent.end(body);
  });

const begun = performance.now();
const answers: Promise<{ ms: number; status: number }>[] = [];
for (const [i, body] of bodies.entries()) {
  const wait = begun + i * everyMs - performance.now();
  if (wait > 0) await sleep(wait);
  answers.push(send(body));
}
process.stdout.write(JSON.stringify({ answers: await Promise.all(answers), tookMs: performance.now() - begun }));
process.exit(0);
