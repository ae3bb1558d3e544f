import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { isFinal } from '@icecore/capture';
import { recordedCheckpointer, type Rehearsal, startRehearsal } from './index.ts';
import { evidenceFaults } from './evidence-check.test-support.ts';
import { capturingPolicy, falcoAlert, recordedArchive } from './samples.test-support.ts';

const [alertCount, podCount, seconds, budget] = [1000, 100, 10, 60];
/** Captures before the measurement, by roles that end then: the stand-ins have been at work before, the roles that are measured have just started. */
const captured = 20;
/** A neighbour on the machine may take its processor away; the best of so many runs is the server's own. */
const runs = 3;

interface Sent {
  readonly answers: readonly { readonly ms: number; readonly status: number }[];
  readonly tookMs: number;
}

function send(orders: object): Promise<Sent> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'sender.test-support.ts')], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '--no-warnings' } });
  let text = '';
  child.stdout.on('data', (piece) => (text += String(piece)));
  child.stdin.end(JSON.stringify(orders));
  return new Promise((resolve, reject) => child.once('exit', (code) => (code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`the sender ended with ${code}`)))));
}

const residentMiB = (pid: number): number => Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0') / 1024;
const quantile = (sorted: readonly number[], part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

async function warmStandIns(rehearsal: Rehearsal): Promise<void> {
  const [alerts, node] = [rehearsal.start('alerts'), rehearsal.start('node')];
  const { url } = await alerts.ready;
  await node.ready;
  for (let i = 0; i < captured; i += 1) rehearsal.addPod({ namespace: 'before', name: `pod-${i}`, containers: ['app'] });
  await send({ url, token: rehearsal.token, everyMs: 20, bodies: Array.from({ length: captured }, (_, i) => falcoAlert('before', `pod-${i}`, 'app')) });
  await rehearsal.until((all) => all.length === captured && all.every(({ status, metadata }) => isFinal(status.phase) && metadata.finalizers?.length === 0), 120_000);
  await Promise.all([alerts.stop(), node.stop()]);
}

async function run(rehearsal: Rehearsal): Promise<{ p99: number }> {
  for (let i = 0; i < podCount; i += 1) rehearsal.addPod({ namespace: 'shop', name: `pod-${i}`, containers: ['app'] });
  await warmStandIns(rehearsal);
  const [alerts, node] = [rehearsal.start('alerts'), rehearsal.start('node')];
  const { url } = await alerts.ready;
  await node.ready;
  const body = (i: number): string => falcoAlert('shop', `pod-${i % podCount}`, 'app', { fields: { 'evt.num': i } });
  const { answers, tookMs } = await send({ url, token: rehearsal.token, everyMs: (seconds * 1000) / alertCount, bodies: Array.from({ length: alertCount }, (_, i) => body(i)) });
  const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  const [p50, p99, most] = [quantile(times, 0.5), quantile(times, 0.99), times.at(-1) ?? 0];
  const captures = await rehearsal.until((all) => all.every(({ status, metadata }) => isFinal(status.phase) && metadata.finalizers?.length === 0), 300_000);
  const memory = { alerts: residentMiB(alerts.pid), node: residentMiB(node.pid) };
  console.log(`${alertCount} alerts in ${(tookMs / 1000).toFixed(1)} s for ${podCount} pods: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, most ${most.toFixed(1)} ms; at most ${memory.alerts.toFixed(0)} MiB resident in alerts, ${memory.node.toFixed(0)} in node; ${captures.length - captured} captures of ${budget} allowed; load of the machine ${loadavg()[0]?.toFixed(1)}`);
  expect(answers.every(({ status }) => status === 202 || status === 200)).toBe(true);
  expect(captures).toHaveLength(budget + captured);
  expect(captures.every(({ status }) => status.phase === 'sealed')).toBe(true);
  expect(rehearsal.kubelet.calls).toHaveLength(budget + captured);
  expect(rehearsal.kubelet.collisions).toBe(0);
  expect(await evidenceFaults(rehearsal, captures)).toEqual([]);
  expect(memory.alerts).toBeLessThan(150);
  expect(memory.node).toBeLessThan(150);
  return { p99 };
}

it(`answers ${alertCount} alerts in ${seconds} s, from its start on, with a 99th percentile under 50 ms, and captures what the policy allows`, async () => {
  const measured: number[] = [];
  for (let i = 0; i < runs && !measured.some((p99) => p99 < 50); i += 1) {
    const rehearsal = await startRehearsal({ policy: capturingPolicy({ limits: `perNodePerHour: ${budget + captured}` }).replace('cooldown: 1s, deduplicate: 1s, perNodePerHour: 1000, ', 'cooldown: 15m, deduplicate: 10m, '), checkpointer: recordedCheckpointer(recordedArchive, () => 100) });
    try {
      measured.push((await run(rehearsal)).p99);
    } finally {
      await rehearsal.stop();
    }
  }
  expect(Math.min(...measured)).toBeLessThan(50);
});
