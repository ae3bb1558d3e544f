import { isFinal } from '@icecore/capture';
import { startLab } from '@icecore/lab';
import { capturingPolicy, falcoAlert } from '../alerts.ts';
import { recordedCheckpointer } from '../kubelet/checkpointer.ts';
import { labCheckpointer } from '../kubelet/lab-checkpointer.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal.ts';

/** Alerts before the measurement: both roles have been at work before an attack comes. */
const warmUp = 2;

/** Milliseconds from the sending of an alert to the moment that its capture is told as sealed, one after another, into a vault in a folder. */
export async function measureRecorded(archive: string, count: number): Promise<number[]> {
  const rehearsal = await startRehearsal({ policy: capturingPolicy(), checkpointer: recordedCheckpointer(archive, () => 0) });
  try {
    return await measure(rehearsal, count, () => undefined);
  } finally {
    await rehearsal.stop();
  }
}

/** The same with checkpoints by podman and CRIU, of a container that counts. */
export async function measureReal(count: number): Promise<number[]> {
  const lab = await startLab();
  try {
    const container = await lab.runContainer({ name: 'counter', command: ['python3', '/srv/lab/counter.py'], ready: /^count 1 /m });
    const rehearsal = await startRehearsal({ policy: capturingPolicy(), checkpointer: labCheckpointer(lab, { container: () => container, tcpEstablished: false }) });
    try {
      return await measure(rehearsal, count, () => container.id);
    } finally {
      await rehearsal.stop();
    }
  } finally {
    await lab.stop();
  }
}

async function measure(rehearsal: Rehearsal, count: number, containerId: () => string | undefined): Promise<number[]> {
  const [alerts, node] = [rehearsal.start('alerts'), rehearsal.start('node', { ICECORE_CHECKPOINT_SECONDS: '60' })];
  const { url } = await alerts.ready;
  await node.ready;
  const times: number[] = [];
  for (let i = 0; i < warmUp + count; i += 1) {
    const pod = `pod-${i}`;
    const id = containerId();
    rehearsal.addPod({ namespace: 'bench', name: pod, containers: ['app'], ...(id === undefined ? {} : { containerIds: { app: id } }) });
    const sealed = new Promise<number>((resolve, reject) => {
      const end = rehearsal.api.store.onChange(({ resource }) => {
        if (resource.plural !== 'captures') return;
        const at = performance.now();
        const found = rehearsal.captures().find(({ spec }) => spec.target.pod === pod);
        if (found === undefined || !isFinal(found.status.phase)) return;
        end();
        if (found.status.phase === 'sealed') resolve(at);
        else reject(new Error(`${found.status.reason}: ${found.status.message}`));
      });
    });
    const begun = performance.now();
    const answer = await fetch(`${url}/alerts`, { method: 'POST', body: falcoAlert('bench', pod, 'app'), headers: { 'content-type': 'application/json', authorization: `Bearer ${rehearsal.token}` } });
    if (answer.status !== 202) throw new Error(`the alert was answered with ${answer.status}: ${await answer.text()}`);
    const took = (await sealed) - begun;
    if (i >= warmUp) times.push(took);
  }
  return times;
}
