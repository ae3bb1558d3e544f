import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { trustIn, verifyCapture } from '@icecore/evidence';
import { conditionHolds } from '@icecore/capture';
import { recordedCheckpointer, type Rehearsal, startRehearsal } from './index.ts';

const samples = join(import.meta.dirname, '../../../samples');
export const archive = join(samples, 'checkpoint-loop_lab-counter-2026-11-23T07-26-29Z.tar');
const policy = `apiVersion: icecore.dev/v1
kind: CapturePolicy
rules:
  - name: everything
    match: {}
    capture: { containers: alerted, retention: { lock: 30d } }
    then: [{ action: label, labels: { icecore.dev/suspect: "true" } }, { action: isolate }]
limits: { maxAge: 365d, perNodePerHour: 1000, freeBytes: 0 }
`;
const alert = (over: object = {}): string => JSON.stringify({ ...JSON.parse(readFileSync(join(samples, 'alerts/falco-shell.json'), 'utf8')), ...over });

let rehearsal: Rehearsal;
afterEach(() => rehearsal.stop());

describe('from alert to sealed', () => {
  it('takes an alert in, and leaves sealed evidence, no copy on the node, and the ledger whole', async () => {
    rehearsal = await startRehearsal({ policy, checkpointer: recordedCheckpointer(archive, () => 50) });
    rehearsal.addPod({ namespace: 'shop', name: 'api-7c9d8f6b5-x2x9q', containers: ['api'], deployment: 'api', containerIds: { api: `3f1c9d2e8a47${'0'.repeat(52)}` } });
    const [alerts, node] = [rehearsal.start('alerts'), rehearsal.start('node')];
    const { url } = await alerts.ready;
    await node.ready;
    const answer = await fetch(`${url}/alerts`, { method: 'POST', body: alert(), headers: { 'content-type': 'application/json', authorization: `Bearer ${rehearsal.token}`, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } });
    expect([answer.status, await answer.json()]).toMatchObject([202, { alerts: [{ outcome: 'accepted', captures: [expect.stringMatching(/^api-7c9d8f6b5-x2x9q-api-/)] }] }]);
    const [capture] = await rehearsal.until((all) => all.length === 1 && all[0]!.status.followedUp?.length === 2 && all[0]!.metadata.finalizers?.length === 0);
    expect(capture).toMatchObject({ status: { phase: 'sealed', vault: { key: expect.stringMatching(/^clusters\/local\/rehearsal\//) } } });
    expect(conditionHolds(capture!, 'Sealed') && conditionHolds(capture!, 'NodeCopyRemoved')).toBe(true);
    expect(rehearsal.archives()).toEqual([]);
    const report = await verifyCapture(rehearsal.vault, capture!.status.vault!.key, trustIn(await rehearsal.signer));
    expect(report).toMatchObject({ holds: true, checked: { ledgerEntries: 4 } });
    expect(existsSync(join(rehearsal.folder, 'state/beside'))).toBe(true);
    expect(capture!.metadata.annotations).toMatchObject({ 'icecore.dev/traceparent': expect.stringContaining('0af7651916cd43dd8448eb211c80319c') });
    expect(await alerts.stop()).toBe(0);
    expect(await node.stop()).toBe(0);
  });
});
