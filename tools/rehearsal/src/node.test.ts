import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Capture, isFinal } from '@icecore/capture';
import { containerIdOf, type Fault, type FaultPlan, kubeletAnswers, recordedAnswers, recordedCheckpointer, type Rehearsal, type RehearsalOptions, startRehearsal } from './index.ts';
import { evidenceFaults } from './evidence-check.test-support.ts';
import { capturingPolicy, falcoAlert, recordedArchive } from './samples.test-support.ts';

let rehearsal: Rehearsal;
afterEach(() => rehearsal.stop());

const begin = async (options: Partial<RehearsalOptions> = {}, takesMs = 20): Promise<void> => {
  rehearsal = await startRehearsal({ policy: capturingPolicy(), checkpointer: recordedCheckpointer(recordedArchive, () => takesMs), ...options });
};
/** Starts both roles, and has every pod captured by an alert. */
async function raiseAll(pods: readonly string[], nodeEnv: Readonly<Record<string, string>> = {}) {
  for (const pod of pods) rehearsal.addPod({ namespace: 'shop', name: pod, containers: ['app'] });
  const [alerts, node] = [rehearsal.start('alerts'), rehearsal.start('node', nodeEnv)];
  const { url } = await alerts.ready;
  await node.ready;
  for (const pod of pods) await raise(url, pod);
  return { alerts, node, url };
}
async function raise(url: string | undefined, pod: string): Promise<void> {
  const answer = await fetch(`${url}/alerts`, { method: 'POST', body: falcoAlert('shop', pod, 'app'), headers: { 'content-type': 'application/json', authorization: `Bearer ${rehearsal.token}` } });
  expect([answer.status, await answer.text()]).toEqual([202, expect.any(String)]);
}
const ended = (captures: readonly Capture[]): boolean => captures.every(({ status, metadata }) => isFinal(status.phase) && metadata.finalizers?.length === 0);
const allEnded = (pods: readonly string[]): Promise<Capture[]> => rehearsal.until((all) => all.length === pods.length && ended(all), 55_000);
const of = (captures: readonly Capture[], pod: string): Capture['status'] => captures.find(({ spec }) => spec.target.pod === pod)!.status;
const outcomes = (captures: readonly Capture[]): Readonly<Record<string, string>> =>
  Object.fromEntries(captures.map(({ spec, status }) => [spec.target.pod, `${status.phase} ${status.reason}, asked ${status.attempts?.length}${status.finding === undefined ? '' : `, ${status.finding.reason}`}`]));
const events = (): string[] => rehearsal.api.store.list(rehearsal.api.store.resource('', 'v1', 'events')!, 'icecore').map(({ type, reason }) => `${String(type)} ${String(reason)}`);

/** A recorded answer to every call about a pod. */
const answerOf = (what: string): Fault => {
  const { status, body, headers } = recordedAnswers.find((each) => each.case === what)!;
  return { kind: 'answer', status, body, contentType: headers['content-type'] ?? '' };
};
const nameOf = (what: string): string => what.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
function planAll(faults: FaultPlan, cases: Readonly<Record<string, string>>, times: number): string[] {
  const pods = Object.keys(cases).map(nameOf);
  for (const what of Object.keys(cases)) faults.plan(new RegExp(`/shop/${nameOf(what)}/`), answerOf(what), times);
  return pods;
}
const renamed = (cases: Readonly<Record<string, string>>): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(cases).map(([what, outcome]) => [nameOf(what), outcome]));

/** What a kubelet said once, and says for good, and what that makes of a capture. */
const ofKubelet = {
  'the runtime fails, containerd': 'failed CriuRefused, asked 1, capture.refused.unknown',
  'the runtime fails, CRI-O': 'failed TcpEstablished, asked 1, capture.refused.tcp_established',
  'no such pod': 'failed PodNotFound, asked 1',
  'no such container': 'failed ContainerNotFound, asked 1',
  'another method': 'failed BadRequest, asked 1',
  'a path that is too short': 'failed BadRequest, asked 1',
  'a time limit that is no number': 'failed BadRequest, asked 1',
  'a time limit below 0': 'failed BadRequest, asked 1',
  'an init container that is done': 'failed ContainerNotRunning, asked 1',
  'a container that has ended': 'failed ContainerNotRunning, asked 1',
  'a container that was never created': 'failed ContainerNotRunning, asked 1',
  'no token': 'failed NotAuthenticated, asked 3',
  'an unknown token': 'failed NotAuthenticated, asked 3',
  'no right': 'failed NotPermitted, asked 1',
  'the gate is off': 'failed CheckpointGateOff, asked 1',
  'no CRIU': 'failed CriuMissing, asked 1',
  'two at once, containerd': 'failed CheckpointsCollided, asked 3',
  'two at once, CRI-O': 'failed CheckpointsCollided, asked 3',
};
const ofApiServer = {
  'no token, to the API server': 'failed NotPermitted, asked 1',
  'no right, to the API server': 'failed NotPermitted, asked 1',
  'no such node': 'failed NodeUnknown, asked 1',
  'the kubelet is down': 'failed KubeletUnreachable, asked 3',
  'no such pod, by way of the API server': 'failed PodNotFound, asked 1',
  'the gate is off, by way of the API server': 'failed CheckpointGateOff, asked 1',
  'the runtime fails, by way of the API server': 'failed CriuRefused, asked 1, capture.refused.unknown',
};

describe('the node role before a kubelet that errs', () => {
  it('gives a reason in words for each answer, tries again what may pass, and finds a refusal worth telling', async () => {
    await begin();
    const pods = planAll(rehearsal.kubelet.faults, ofKubelet, 100);
    await raiseAll(pods, { ICECORE_PARALLEL: '16' });
    const captures = await allEnded(pods);
    expect(outcomes(captures)).toEqual(renamed(ofKubelet));
    for (const { status, spec } of captures) {
      expect([spec.target.pod, (status.message ?? '').length > 20]).toEqual([spec.target.pod, true]);
      expect(status.conditions?.find(({ type }) => type === 'Finished')).toMatchObject({ status: 'True', reason: status.reason });
    }
    expect(of(captures, nameOf('the runtime fails, CRI-O'))).toMatchObject({
      message: expect.stringMatching(/live TCP connection.*tcp-established in \/etc\/criu\/runc\.conf.*sk-inet\.c:200/),
      finding: { detector: 'refused-capture', signal: 'S72', severity: 'medium', confidence: 'high', summary: expect.stringContaining('there is a live TCP connection'), evidence: expect.stringContaining('Connected TCP socket, consider using --tcp-established option.') },
    });
    expect(of(captures, nameOf('two at once, CRI-O')).message).toContain('(tried 3 times)');
    expect(events()).toEqual(expect.arrayContaining(['Warning CheckpointGateOff', 'Warning TcpEstablished', 'Warning Finding', 'Warning CriuMissing']));
    expect(rehearsal.archives()).toEqual([]);
  });

  it('seals what succeeds at another try, and what was taken though the answer was lost', async () => {
    await begin();
    const { faults } = rehearsal.kubelet;
    const passing = ['no token', 'two at once, containerd', 'two at once, CRI-O'];
    for (const what of passing) faults.plan(new RegExp(`/shop/${nameOf(what)}/`), answerOf(what), 1);
    faults.plan(/\/shop\/new\//, { kind: 'answer', status: 500, body: 'checkpointing of shop/new/app failed (rpc error: code = Unknown desc = the moon)' });
    faults.plan(/\/shop\/lost\//, { kind: 'lost' });
    faults.plan(/\/shop\/cut\//, { kind: 'cut' });
    faults.plan(/\/shop\/slow\//, { kind: 'slow', ms: 500 });
    faults.plan(/\/shop\/hangs\//, { kind: 'hang' });
    const pods = [...passing.map(nameOf), 'new', 'lost', 'cut', 'slow', 'hangs', 'fine'];
    await raiseAll(pods, { ICECORE_CHECKPOINT_SECONDS: '2', ICECORE_PARALLEL: '16' });
    const captures = await allEnded(pods);
    expect(outcomes(captures)).toEqual({
      ...Object.fromEntries([...passing.map(nameOf), 'new', 'cut', 'hangs'].map((pod) => [pod, 'sealed Sealed, asked 2'])),
      ...Object.fromEntries(['lost', 'slow', 'fine'].map((pod) => [pod, 'sealed Sealed, asked 1'])),
    });
    expect(await evidenceFaults(rehearsal, captures)).toEqual([]);
    expect([rehearsal.archives(), rehearsal.kubelet.collisions]).toEqual([[], 0]);
  });

  it('reads in the log on the node what containerd only names', async () => {
    await begin();
    const host = join(rehearsal.folder, 'host');
    const logs: Readonly<Record<string, string>> = { traced: '(00.01) Error (compel/src/lib/infect.c:361): Unseizable non-zombie 4711 found, state t, err -1/1', connected: '(00.05) Error (criu/sk-inet.c:200): inet: Connected TCP socket, consider using --tcp-established option.' };
    const pods = [...Object.keys(logs), 'silent'];
    for (const pod of pods) {
      const id = containerIdOf('shop', pod, 'app');
      const { status, body } = kubeletAnswers.runtimeFailedContainerd({ namespace: 'shop', pod, container: 'app' }, id);
      rehearsal.kubelet.faults.plan(new RegExp(`/shop/${pod}/`), { kind: 'answer', status, body });
      const path = join(host, `run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/criu-dump.log`);
      mkdirSync(dirname(path), { recursive: true });
      if (logs[pod] !== undefined) writeFileSync(path, `${logs[pod]}\n(00.06) Error (criu/cr-dump.c:1975): Dumping FAILED.\n`);
    }
    await raiseAll(pods, { ICECORE_HOST_ROOT: host });
    const captures = await allEnded(pods);
    expect(outcomes(captures)).toEqual({ traced: 'failed CriuRefused, asked 1, capture.refused.ptrace', connected: 'failed TcpEstablished, asked 1, capture.refused.tcp_established', silent: 'failed CriuRefused, asked 1, capture.refused.unknown' });
    expect(of(captures, 'traced').message).toMatch(/a process is being traced; .*Unseizable non-zombie 4711/);
  });

  it('trusts no kubelet whose certificate its authority did not sign', async () => {
    await begin();
    await raiseAll(['one'], { ICECORE_KUBELET_CA: join(rehearsal.folder, 'accounts/node/ca.crt') });
    const captures = await allEnded(['one']);
    expect(outcomes(captures)).toEqual({ one: 'failed KubeletUnreachable, asked 3' });
    expect(of(captures, 'one').message).toMatch(/the kubelet cannot be reached: .*(?:certificate|self.signed)/i);
    expect(rehearsal.kubelet.calls).toEqual([]);
  });

  test.each([['lab-node', 'sealed Sealed, asked 1'], ['other-node', 'failed KubeletUnreachable, asked 3']])('holds the certificate to the name that is set: %s', async (serverName, outcome) => {
    await begin();
    await raiseAll(['one'], { ICECORE_KUBELET_SERVER_NAME: serverName });
    expect(outcomes(await allEnded(['one']))).toEqual({ one: outcome });
  });
});

describe('the node role by way of the API server', () => {
  it('takes checkpoints with no other right', async () => {
    await begin({ proxy: true });
    await raiseAll(['one']);
    const captures = await allEnded(['one']);
    expect(of(captures, 'one').phase).toBe('sealed');
    // One to see whether it would succeed, and one that did.
    expect(rehearsal.counted('create nodes/proxy')).toBe(2);
    expect(await evidenceFaults(rehearsal, captures)).toEqual([]);
  });

  it('gives a reason in words for each answer of the API server', async () => {
    await begin({ proxy: true });
    const { faults } = rehearsal.api;
    const pods = planAll(faults, ofApiServer, 100);
    const status = (code: number, reason: string, message: string): Fault => ({ kind: 'answer', status: code, contentType: 'application/json', body: `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"${message}","reason":"${reason}","code":${code}}\n` });
    faults.plan(/\/shop\/loopback\//, status(400, 'BadRequest', 'address not allowed'), 100);
    faults.plan(/\/shop\/bad-token\//, status(401, 'Unauthorized', 'Unauthorized'), 100);
    await raiseAll([...pods, 'loopback', 'bad-token'], { ICECORE_PARALLEL: '16' });
    const captures = await allEnded([...pods, 'loopback', 'bad-token']);
    expect(outcomes(captures)).toEqual({ ...renamed(ofApiServer), loopback: 'failed AddressNotAllowed, asked 1', 'bad-token': 'failed NotAuthenticated, asked 3' });
    expect(of(captures, nameOf('no right, to the API server')).message).toContain('nodes/proxy');
  });
});

describe('the node role in a cluster that errs', () => {
  it('goes on after conflicts, lost answers, errors, watches that were cut and a history that was forgotten', async () => {
    await begin();
    const { faults, store } = rehearsal.api;
    faults.plan(/^PATCH .*\/captures\/a-.*\/status/, { kind: 'answer', status: 409, contentType: 'application/json', body: '{"kind":"Status","reason":"Conflict","code":409,"message":"the object has been modified"}' }, 2);
    faults.plan(/^PATCH .*\/captures\/b-.*\/status/, { kind: 'lost' }, 3);
    faults.plan(/^PATCH .*\/captures\/c-.*\/status/, { kind: 'answer', status: 500, body: 'etcdserver: leader changed' }, 3);
    const { url } = await raiseAll(['a']);
    for (const pod of ['b', 'c', 'd']) rehearsal.addPod({ namespace: 'shop', name: pod, containers: ['app'] });
    rehearsal.api.cutWatches();
    store.compact();
    for (const pod of ['b', 'c', 'd']) await raise(url, pod);
    const captures = await allEnded(['a', 'b', 'c', 'd']);
    expect(captures.map(({ status }) => status.phase)).toEqual(['sealed', 'sealed', 'sealed', 'sealed']);
    expect(rehearsal.kubelet.calls.filter(({ answer }) => answer?.status === 200)).toHaveLength(4);
    expect(await evidenceFaults(rehearsal, captures)).toEqual([]);
  });

  it('takes up the checkpoint that was under way when it was killed, and is alone on its node', async () => {
    await begin({}, 800);
    const { node } = await raiseAll(['one']);
    for (let i = 0; i < 500 && rehearsal.kubelet.calls.length === 0; i += 1) await sleep(10);
    await node.kill();
    const again = rehearsal.start('node');
    await again.ready;
    const beside = rehearsal.start('node');
    const captures = await allEnded(['one']);
    expect([of(captures, 'one').phase, rehearsal.kubelet.calls.length, rehearsal.kubelet.collisions]).toEqual(['sealed', 1, 0]);
    expect(beside.log.some(({ msg }) => msg === 'watching')).toBe(false);
    await again.stop();
    await beside.ready;
    expect(await evidenceFaults(rehearsal, captures)).toEqual([]);
  });

  it('keeps the archive while the vault is away, and seals it when it is back', async () => {
    await begin();
    writeFileSync(rehearsal.vaultPlace, 'no folder');
    await raiseAll(['one']);
    const [waiting] = await rehearsal.until((all) => all[0]?.status.reason === 'VaultUnavailable');
    expect([waiting?.status.phase, rehearsal.archives().length]).toEqual(['shipping', 1]);
    rmSync(rehearsal.vaultPlace);
    mkdirSync(rehearsal.vaultPlace);
    const captures = await allEnded(['one']);
    expect([of(captures, 'one').phase, rehearsal.archives()]).toEqual(['sealed', []]);
  });
});
