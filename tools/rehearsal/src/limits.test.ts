import { isFinal } from '@icecore/capture';
import { icecore } from './command-line.ts';
import { recordedCheckpointer, type Rehearsal, startRehearsal } from './index.ts';
import { capturingPolicy, falcoAlert, recordedArchive } from './samples.test-support.ts';

let rehearsal: Rehearsal;
let url: string | undefined;
afterEach(() => rehearsal.stop());

async function begin(policy: string, takesMs = 20): Promise<void> {
  rehearsal = await startRehearsal({ policy, checkpointer: recordedCheckpointer(recordedArchive, () => takesMs) });
  url = (await rehearsal.start('alerts').ready).url;
}
async function raise(pod: string, over: Parameters<typeof falcoAlert>[3] = {}): Promise<{ outcome: string; reasons: { check: string; holds: boolean }[] }> {
  const answer = await fetch(`${url}/alerts`, { method: 'POST', body: falcoAlert('shop', pod, 'app', over), headers: { 'content-type': 'application/json', authorization: `Bearer ${rehearsal.token}` } });
  return JSON.parse(await answer.text()).alerts[0];
}
const outcomes = async (count: number): Promise<Record<string, string[]>> => {
  const captures = await rehearsal.until((all) => all.length === count && all.every(({ status, metadata }) => isFinal(status.phase) && metadata.finalizers?.length === 0), 50_000);
  return Object.fromEntries([...Map.groupBy(captures, ({ spec }) => spec.target.pod)].map(([pod, of]) => [pod, of.map(({ status }) => `${status.phase} ${status.reason}`).sort()]));
};
const labelsOf = (pod: string): Readonly<Record<string, string>> => rehearsal.api.store.get(rehearsal.api.store.resource('', 'v1', 'pods')!, 'shop', pod)?.metadata.labels ?? {};

describe('what the node’s role looks at before it asks for a checkpoint', () => {
  it('is whether the target is still the one that was meant', async () => {
    await begin(capturingPolicy());
    const other = '11111111-8b1a-4d6a-9a55-0c9bde0f7a10';
    const uidOf = (name: string): string => `uid-of-${name}`;
    for (const name of ['same', 'replaced', 'restarted', 'gone', 'over']) rehearsal.addPod({ namespace: 'shop', name, uid: uidOf(name), containers: ['app'] });
    for (const pod of ['same', 'replaced', 'restarted', 'gone', 'over']) expect((await raise(pod)).outcome).toBe('accepted');
    for (const name of ['replaced', 'restarted', 'gone', 'over']) rehearsal.removePod('shop', name);
    rehearsal.addPod({ namespace: 'shop', name: 'replaced', uid: other, containers: ['app'] });
    rehearsal.addPod({ namespace: 'shop', name: 'restarted', uid: uidOf('restarted'), containers: ['app'], containerIds: { app: 'f'.repeat(64) } });
    rehearsal.addPod({ namespace: 'shop', name: 'over', uid: uidOf('over'), containers: ['app'], ended: ['app'] });
    await rehearsal.start('node').ready;
    const stale = ['refused StaleTarget'];
    expect(await outcomes(5)).toEqual({ same: ['sealed Sealed'], replaced: stale, restarted: stale, gone: stale, over: stale });
    const words = rehearsal.captures().map(({ status }) => status.message).join('\n');
    for (const part of [`its uid is ${other}`, 'was restarted: it is ffffffffffff', 'pod shop/gone is gone', 'container app does not run']) expect(words).toContain(part);
    expect(rehearsal.kubelet.calls).toHaveLength(1);
  });

  it('is the room on the disk', async () => {
    await begin(capturingPolicy().replace('freeBytes: 0', 'freeBytes: 9000000000000000'));
    rehearsal.addPod({ namespace: 'shop', name: 'one', containers: ['app'] });
    await rehearsal.start('node').ready;
    await raise('one');
    expect(await outcomes(1)).toEqual({ one: ['refused DiskFull'] });
    expect(rehearsal.captures()[0]?.status.message).toMatch(/^\d+ bytes are free where the node keeps archives, about 0 are needed, and 9000000000000000 must stay free$/);
    expect(rehearsal.kubelet.calls).toEqual([]);
  });

  it('is that no other checkpoint of the container is under way', async () => {
    await begin(capturingPolicy().replace('cooldown: 1s, deduplicate: 1s', 'cooldown: 0s, deduplicate: 0s'), 700);
    rehearsal.addPod({ namespace: 'shop', name: 'one', containers: ['app'] });
    await rehearsal.start('node', { ICECORE_PARALLEL: '8' }).ready;
    await Promise.all(['a', 'b', 'c', 'd'].map((rule) => raise('one', { rule })));
    expect(await outcomes(4)).toEqual({ one: Array.from({ length: 4 }, () => 'sealed Sealed') });
    const spans = rehearsal.kubelet.calls.map(({ startedAt, endedAt }) => [startedAt, endedAt ?? Infinity] as const).sort(([a], [b]) => a - b);
    for (const [i, [begun]] of spans.entries()) if (i > 0) expect(begun).toBeGreaterThanOrEqual(spans[i - 1]?.[1] ?? 0);
    expect([spans.length, rehearsal.kubelet.collisions]).toEqual([4, 0]);
  });

  it('is the budget, which binds people too', async () => {
    await begin(capturingPolicy({ limits: 'perNodePerHour: 2' }).replace('perNodePerHour: 1000, ', ''));
    for (const name of ['one', 'two', 'three', 'four']) rehearsal.addPod({ namespace: 'shop', name, containers: ['app'] });
    await rehearsal.start('node').ready;
    for (const pod of ['one', 'two']) expect((await raise(pod)).outcome).toBe('accepted');
    await outcomes(2);
    const skipped = await raise('three');
    expect([skipped.outcome, skipped.reasons.findLast(({ holds }) => !holds)?.check]).toEqual(['skipped', 'budget']);
    const ordered = await icecore(['capture', 'shop/four'], { width: 200, env: { KUBECONFIG: rehearsal.kubeconfigs.operator } });
    expect([ordered.code, ordered.out]).toEqual([1, expect.stringContaining('BudgetSpent: 2 checkpoints were taken on node lab-node within an hour, and policy allows 2')]);
    expect(rehearsal.kubelet.calls).toHaveLength(2);
  });

  it('is whether somebody deleted it, which leaves nothing behind', async () => {
    await begin(capturingPolicy());
    rehearsal.addPod({ namespace: 'shop', name: 'one', containers: ['app'] });
    await raise('one');
    const { store } = rehearsal.api;
    store.delete(store.resource('icecore.dev', 'v1', 'captures')!, 'icecore', rehearsal.captures()[0]?.metadata.name ?? '');
    expect(rehearsal.captures()[0]?.metadata.deletionTimestamp).toEqual(expect.any(String));
    await rehearsal.start('node').ready;
    await rehearsal.until((all) => all.length === 0);
    expect([rehearsal.kubelet.calls, rehearsal.archives()]).toEqual([[], []]);
  });
});

describe('a series', () => {
  it('is taken at its times, and followed when its last is over', async () => {
    await begin(capturingPolicy({ series: ', series: { count: 3, every: 2s }', then: '[{ action: label, labels: { icecore.dev/suspect: "true" } }, { action: isolate }]' }));
    rehearsal.addPod({ namespace: 'shop', name: 'one', containers: ['app'], labels: { app: 'one' } });
    await rehearsal.start('node').ready;
    await raise('one');
    expect(rehearsal.captures().map(({ spec }) => [spec.series?.index, spec.then.length, spec.notBefore === undefined]).sort()).toEqual([[0, 0, true], [1, 0, false], [2, 2, false]]);
    await rehearsal.until((all) => all.filter(({ status }) => status.phase === 'sealed').length === 2);
    expect(labelsOf('one')).toEqual({ app: 'one' });
    expect(await outcomes(3)).toEqual({ one: ['sealed Sealed', 'sealed Sealed', 'sealed Sealed'] });
    await rehearsal.until((all) => all.some(({ status }) => status.followedUp?.length === 2));
    expect(labelsOf('one')).toMatchObject({ app: 'one', 'icecore.dev/suspect': 'true', 'icecore.dev/isolated': expect.any(String) });
    const [policy] = rehearsal.api.store.list(rehearsal.api.store.resource('networking.k8s.io', 'v1', 'networkpolicies')!, 'shop');
    expect(policy?.['spec']).toEqual({ podSelector: { matchLabels: { 'icecore.dev/isolated': labelsOf('one')['icecore.dev/isolated'] } }, policyTypes: ['Ingress', 'Egress'] });
    const times = rehearsal.kubelet.calls.map(({ startedAt }) => startedAt);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(3500);
  });
});
