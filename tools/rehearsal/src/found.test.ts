import { copyFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordedCheckpointer, type Rehearsal, startRehearsal } from './index.ts';
import { evidenceFaults } from './evidence-check.test-support.ts';
import { capturingPolicy, recordedArchive } from './samples.test-support.ts';

const name = 'checkpoint-loop_lab-counter-2026-11-23T07:26:29Z.tar';
const [half, young, unlike] = ['checkpoint-half_lab-counter-2026-11-23T07:26:30Z.tar', 'checkpoint-young_lab-counter-2026-11-23T07:26:31Z.tar', 'notes.tar'];
let rehearsal: Rehearsal;
afterEach(() => rehearsal.stop());

async function begin(setting: 'seal' | 'seal-and-remove' | 'off'): Promise<void> {
  rehearsal = await startRehearsal({ policy: capturingPolicy(), checkpointer: recordedCheckpointer(recordedArchive, () => 20) });
  mkdirSync(rehearsal.checkpointFolder, { recursive: true });
  const put = (file: string, bytes: Uint8Array | undefined, ageSeconds: number): void => {
    const path = join(rehearsal.checkpointFolder, file);
    if (bytes === undefined) copyFileSync(recordedArchive, path);
    else writeFileSync(path, bytes);
    utimesSync(path, new Date(Date.now() - ageSeconds * 1000), new Date(Date.now() - ageSeconds * 1000));
  };
  put(name, undefined, 600);
  put(half, readFileSync(recordedArchive).subarray(0, 100_000), 600);
  put(young, undefined, 5);
  put(unlike, undefined, 600);
  await rehearsal.start('node', { ICECORE_FOUND_ARCHIVES: setting, ICECORE_FOUND_LOCK_DAYS: '7' }).ready;
}
const sealed = () => rehearsal.until((all) => all.length > 0 && all.every(({ status, metadata }) => status.phase === 'sealed' && metadata.finalizers?.length === 0));

describe('archives that others made', () => {
  it('are sealed as what they say they are, and stay on the node', async () => {
    await begin('seal');
    const captures = await sealed();
    expect(captures).toMatchObject([{ metadata: { labels: { 'icecore.dev/source': 'folder' } }, spec: { subject: 'lab/loop/counter', found: name, keepNodeCopy: true, reason: `found in the checkpoint folder of lab-node: ${name}`, retention: { lockSeconds: 7 * 86_400 } }, status: { archive: { name } } }]);
    expect(rehearsal.archives().sort()).toEqual([half, name, young, unlike].sort());
    expect(rehearsal.kubelet.calls).toEqual([]);
    expect(await evidenceFaults(rehearsal, captures)).toEqual([]);
  });

  it('are removed where that is set, and those that are half, fresh or not a kubelet’s are left alone', async () => {
    await begin('seal-and-remove');
    expect(await sealed()).toHaveLength(1);
    expect(rehearsal.archives().sort()).toEqual([half, young, unlike].sort());
  });

  it('are left alone where that is set', async () => {
    await begin('off');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect([rehearsal.captures(), rehearsal.archives().length]).toEqual([[], 4]);
  });
});
