import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal } from '@icecore/capture';
import { mulberry32 } from '@icecore/hostile';
import { recordedCheckpointer, type Rehearsal, type RoleProcess, startRehearsal } from './index.ts';
import { evidenceFaults } from './evidence-check.test-support.ts';
import { capturingPolicy, falcoAlert, recordedArchive } from './samples.test-support.ts';

const seed = Number(process.env['ICECORE_SEED'] ?? '20261125');
const alertCount = 50;
const killsOfEach = Number(process.env['ICECORE_KILLS'] ?? '220') / 2;

let rehearsal: Rehearsal;
afterAll(() => rehearsal.stop());

it(`loses and doubles nothing while either role is killed ${2 * killsOfEach} times over ${alertCount} alerts`, async () => {
  rehearsal = await startRehearsal({ policy: capturingPolicy(), checkpointer: recordedCheckpointer(recordedArchive, () => 150) });
  const env = { ICECORE_CHECKPOINT_SECONDS: '10', ICECORE_GRACE_SECONDS: '2', ICECORE_LOG_LEVEL: 'warn' };
  for (let i = 0; i < alertCount; i += 1) rehearsal.addPod({ namespace: `team-${i % 5}`, name: `pod-${i}`, containers: ['app'] });
  const current: { alerts?: RoleProcess; node?: RoleProcess } = {};
  const kills = { alerts: 0, node: 0 };
  const struck = new Map<string, number>();

  const killing = async (role: 'alerts' | 'node', next: () => number): Promise<void> => {
    while (kills[role] < killsOfEach) {
      const process = rehearsal.start(role, { ...env, ICECORE_LOG_LEVEL: 'info' });
      current[role] = process;
      // One in eight dies while it starts, the others at some moment of their work.
      if (next() < 0.125) await sleep(next() * 400);
      else {
        await process.ready;
        await sleep(next() ** 2 * 1200);
      }
      const unfinished = rehearsal.captures().filter(({ status }) => !isFinal(status.phase)).map(({ status }) => status.phase);
      await process.kill();
      kills[role] += 1;
      for (const phase of new Set(unfinished.length === 0 ? ['idle'] : unfinished)) struck.set(`${role} ${phase}`, (struck.get(`${role} ${phase}`) ?? 0) + 1);
    }
    current[role] = rehearsal.start(role, { ...env, ICECORE_LOG_LEVEL: 'info' });
    await current[role].ready;
  };

  const accepted = new Map<number, string[]>();
  const sending = async (): Promise<void> => {
    const pending = new Set<Promise<void>>();
    for (let i = 0; i < alertCount; i += 1) {
      while (kills.alerts + kills.node < (i * 2 * killsOfEach) / alertCount) await sleep(20);
      pending.add(send(i));
    }
    await Promise.all(pending);
  };
  const send = async (i: number): Promise<void> => {
    const body = falcoAlert(`team-${i % 5}`, `pod-${i}`, 'app');
    for (;;) {
      try {
        const { url } = (await current.alerts?.ready) ?? { url: undefined };
        const answer = await fetch(`${url}/alerts`, { method: 'POST', body, headers: { 'content-type': 'application/json', authorization: `Bearer ${rehearsal.token}` }, signal: AbortSignal.timeout(30_000) });
        const told: { alerts: { captures: string[] }[] } = JSON.parse(await answer.text());
        if (answer.status === 202) return void accepted.set(i, told.alerts.flatMap(({ captures }) => captures));
        // Its captures are there already, by an earlier try whose answer was lost: that too is told as accepted, so anything else is wrong.
        if (answer.status === 200) throw new TypeError(`alert ${i} was skipped: ${JSON.stringify(told)}`);
      } catch (error) {
        if (error instanceof TypeError && error.message.startsWith('alert ')) throw error;
      }
      await sleep(50);
    }
  };
  await Promise.all([killing('alerts', mulberry32(seed)), killing('node', mulberry32(seed + 1)), sending()]);
  const captures = await rehearsal.until((all) => all.every(({ status, metadata }) => isFinal(status.phase) && metadata.finalizers?.length === 0), 300_000);

  const byPhase = captures.reduce((counts, { status: { phase, reason = '' } }) => counts.set(`${phase} ${reason}`, (counts.get(`${phase} ${reason}`) ?? 0) + 1), new Map<string, number>());
  const calls = rehearsal.kubelet.calls;
  const good = calls.filter(({ answer }) => answer?.status === 200);
  console.log(`seed ${seed}: ${kills.alerts} kills of alerts, ${kills.node} of node; accepted ${accepted.size}, captures ${captures.length}: ${[...byPhase].map(([how, count]) => `${count} ${how}`).join(', ')}; kubelet called ${calls.length} times, ${good.length} checkpoints`);
  console.log([...struck].sort().map(([where, count]) => `${where} ${count}`).join(', '));
  expect(kills.alerts + kills.node).toBe(2 * killsOfEach);
  expect(accepted.size).toBe(alertCount);
  // Each alert asked for one capture, and there are no others.
  expect(captures.map(({ metadata }) => metadata.name).sort()).toEqual([...accepted.values()].flat().sort());
  for (const { status } of captures) if (status.phase !== 'sealed') expect([status.phase, status.reason, (status.message ?? '').length > 10]).toEqual(['failed', expect.stringMatching(/^[A-Z]\w+$/), true]);
  expect(rehearsal.kubelet.collisions).toBe(0);
  // One checkpoint a container, whatever was killed between.
  expect(new Set(good.map(({ pod }) => pod)).size).toBe(good.length);
  expect(await evidenceFaults(rehearsal, captures)).toEqual([]);
  expect(rehearsal.archives()).toEqual([]);
});
