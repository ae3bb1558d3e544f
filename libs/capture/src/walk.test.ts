import { describe, expect, it, test } from '@jest/globals';
import { captureWalk, type CaptureWalk, conditionHolds, mayFollow, type Phase } from './index.ts';
import { captureIn, portsInto, type World, world } from './memory-ports.test-support.ts';

const signal = new AbortController().signal;

/** Walks to the end, the clock going on with each wait; a kill begins a new process. Gives how many processes it took. */
async function toEnd(of: World, name: string, limit = 500): Promise<number> {
  let processes = 1;
  let walk: CaptureWalk = captureWalk(portsInto(of));
  for (let i = 0; i < limit; i += 1) {
    const advance = await walk.advance(name, signal);
    if (advance.kind !== 'wait') return processes;
    of.now += advance.ms;
    if (advance.error instanceof Error && advance.error.name === 'Killed') {
      processes += 1;
      walk = captureWalk(portsInto(of));
    }
  }
  throw new Error('it does not end');
}

const statusOf = (of: World, name = 'c1') => of.captures.get(name)!.status;

describe('the walk of a capture', () => {
  it('goes from pending to sealed, and leaves nothing on the node', async () => {
    const of = world();
    captureIn(of, 'c1');
    await toEnd(of, 'c1');
    expect(of.phases).toEqual(['checking', 'checkpointing', 'hashing', 'shipping', 'verifying', 'removing', 'sealed']);
    expect([...of.vault]).toEqual([['clusters/c1/', 'archive 1']]);
    expect([of.files.size, of.kubeletCalls, of.events]).toEqual([0, 1, ['Sealed']]);
    expect(of.captures.get('c1')!.metadata.finalizers).toEqual([]);
    for (const type of ['Checkpointed', 'Sealed', 'NodeCopyRemoved', 'Finished'] as const) expect(conditionHolds(of.captures.get('c1')!, type)).toBe(true);
  });

  it('ends the same wherever the process is killed, before and after every single call', async () => {
    for (let dieAt = 1; ; dieAt += 1) {
      const of = world();
      captureIn(of, 'c1');
      of.dieAt = dieAt;
      const processes = await toEnd(of, 'c1');
      // The kubelet was called twice only where it was killed before the call went out, and so nothing was taken by the first.
      expect([dieAt, statusOf(of).phase, of.files.size, of.vault.size, of.kubeletCalls, of.captures.get('c1')!.metadata.finalizers]).toEqual([dieAt, 'sealed', 0, 1, 1, []]);
      if (processes === 1) break;
      expect(dieAt).toBeLessThan(200);
    }
  });

  it('ends as sealed, or as failed with nothing left, where process after process is killed', async () => {
    const of = world();
    captureIn(of, 'c1');
    let walk = captureWalk(portsInto(of));
    for (let i = 0; i < 400 && statusOf(of).finishedAt === undefined; i += 1) {
      of.dieAt = of.calls + 3 + (i % 11);
      const advance = await walk.advance('c1', signal);
      if (advance.kind === 'wait') of.now += advance.ms;
      walk = captureWalk(portsInto(of));
    }
    expect([statusOf(of).phase, statusOf(of).reason, of.files.size, of.vault.size]).toEqual(of.vault.size === 1 ? ['sealed', 'Sealed', 0, 1] : ['failed', 'AnswerLost', 0, 0]);
  });

  it('adopts the archive of a checkpoint whose answer was lost', async () => {
    const of = world();
    captureIn(of, 'c1');
    of.replies = ['lost after it was taken'];
    await toEnd(of, 'c1');
    expect([statusOf(of).phase, of.kubeletCalls]).toEqual(['sealed', 1]);
  });

  it('adopts it as well where the clock went back meanwhile, and does not wait until it is that late again', async () => {
    const of = world();
    captureIn(of, 'c1');
    of.replies = ['lost after it was taken', { kind: 'lost', message: 'cut' }];
    const ports = portsInto(of);
    const walk = captureWalk({ ...ports, kubelet: { checkpoint: async (...words) => ((of.now -= 7_200_000), ports.kubelet.checkpoint(...words)) } });
    for (let i = 0; i < 200 && statusOf(of).phase !== 'sealed'; i += 1) {
      const advance = await walk.advance('c1', signal);
      if (advance.kind === 'wait') of.now += advance.ms;
    }
    expect([statusOf(of).phase, of.kubeletCalls]).toEqual(['sealed', 1]);
  });

  it('asks again where an answer was lost and no archive came, and not before the kubelet must be done', async () => {
    const of = world();
    captureIn(of, 'c1');
    of.replies = [{ kind: 'lost', message: 'cut' }];
    const begun = of.now;
    await toEnd(of, 'c1');
    expect([statusOf(of).phase, of.kubeletCalls, statusOf(of).attempts?.[0]?.reason]).toEqual(['sealed', 2, 'AnswerLost']);
    expect(of.now - begun).toBeGreaterThan(11_000);
  });

  it('does not take another capture’s archive for its own', async () => {
    const of = world();
    captureIn(of, 'c1');
    captureIn(of, 'c2');
    of.replies = ['lost after it was taken', 'lost after it was taken'];
    await toEnd(of, 'c1');
    await toEnd(of, 'c2');
    expect([...of.vault.values()].sort()).toEqual(['archive 1', 'archive 2']);
  });

  it('has two captures of one container take turns, a second apart, as archives are named by the second', async () => {
    const of = world();
    captureIn(of, 'c1');
    captureIn(of, 'c2');
    const walk = captureWalk(portsInto(of));
    const names = new Set<string>();
    for (let i = 0; i < 60; i += 1) {
      const [a, b] = await Promise.all([walk.advance('c1', signal), walk.advance('c2', signal)]);
      for (const each of of.captures.values()) if (each.status.archive !== undefined) names.add(each.status.archive.name);
      if (a.kind !== 'wait' && b.kind !== 'wait') break;
      of.now += 100;
    }
    expect([of.kubeletCalls, of.vault.size, [...of.captures.values()].every(({ status }) => status.phase === 'sealed')]).toEqual([2, 2, true]);
  });

  it('writes its finding down though others write between', async () => {
    const of = world();
    captureIn(of, 'c1');
    of.conflicts = 5;
    await toEnd(of, 'c1');
    expect([statusOf(of).phase, of.kubeletCalls, of.captures.get('c1')!.metadata.labels]).toEqual(['sealed', 1, { touched: 'yes' }]);
  });

  it('waits for a vault that is away, and says so meanwhile', async () => {
    const of = world();
    captureIn(of, 'c1');
    of.vaultAway = 6;
    const walk = captureWalk(portsInto(of));
    await walk.advance('c1', signal);
    expect(statusOf(of)).toMatchObject({ phase: 'shipping', reason: 'VaultUnavailable', message: expect.stringContaining('no route') });
    expect(of.files.size).toBe(1);
    await toEnd(of, 'c1');
    expect(statusOf(of).phase).toBe('sealed');
  });

  test.each<[string, (of: World) => void, string, string, number]>([
    ['a pod that is gone', (of) => (of.pod = undefined), 'refused', 'StaleTarget', 0],
    ['a pod of another uid', (of) => (of.pod!.metadata.uid = 'uid-2'), 'refused', 'StaleTarget', 0],
    ['a container that was restarted', (of) => (of.pod!.status.containerStatuses[0]!.containerID = `containerd://${'b'.repeat(64)}`), 'refused', 'StaleTarget', 0],
    ['a container that ended', (of) => (of.pod!.status.containerStatuses[0]!.state = {}), 'refused', 'StaleTarget', 0],
    ['a disk that is full', (of) => (of.freeBytes = 1400), 'refused', 'DiskFull', 0],
    ['a kubelet without the gate', (of) => (of.replies = [{ kind: 'answer', status: 404, body: '404 page not found\n' }]), 'failed', 'CheckpointGateOff', 1],
    ['a kubelet that is never there', (of) => (of.replies = Array.from({ length: 9 }, () => ({ kind: 'unreachable', message: 'connect ECONNREFUSED' }))), 'failed', 'KubeletUnreachable', 3],
    ['a kubelet that never answers', (of) => (of.replies = Array.from({ length: 9 }, () => ({ kind: 'lost', message: 'timed out' }))), 'failed', 'AnswerLost', 3],
    ['a kubelet that names what is not there', (of) => (of.replies = [{ kind: 'answer', status: 200, body: '{"items":["/x/checkpoint-a_b-c-2026-11-25T10:00:00Z.tar"]}' }]), 'failed', 'ArchiveMissing', 1],
    ['a kubelet that names no archive', (of) => (of.replies = [{ kind: 'answer', status: 200, body: '{"items":["/etc/shadow"]}' }]), 'failed', 'UnknownAnswer', 1],
    ['a vault that holds other bytes', (of) => of.vault.set('clusters/c1/', 'other'), 'failed', 'VaultRefused', 1],
    ['a vault that lost what it took', (of) => (of.vaultFault = 'archive.tar has another hash'), 'failed', 'VerificationFailed', 1],
  ])('ends with a reason for %s', async (_what, prepare, phase, reason, calls) => {
    const of = world();
    captureIn(of, 'c1');
    prepare(of);
    await toEnd(of, 'c1');
    expect([statusOf(of).phase, statusOf(of).reason, of.kubeletCalls]).toEqual([phase, reason, calls]);
    expect(statusOf(of).message!.length).toBeGreaterThan(10);
    expect(of.events).toEqual([reason]);
    // What the vault did not take whole stays on the node.
    if (reason.startsWith('V')) expect(of.files.size).toBe(1);
  });

  it('keeps to the budget of the node, other captures and tries counted', async () => {
    const of = world();
    for (let i = 0; i < 6; i += 1) captureIn(of, `c${i}`, { limits: { freeBytes: 0, perNodePerHour: 4 } });
    of.replies = [{ kind: 'unreachable', message: 'x' }];
    for (const name of [...of.captures.keys()]) await toEnd(of, name);
    expect([...of.captures.values()].map(({ status }) => status.reason)).toEqual(['Sealed', 'Sealed', 'Sealed', 'BudgetSpent', 'BudgetSpent', 'BudgetSpent']);
    expect(of.kubeletCalls).toBe(4);
  });

  it('seals what another left, with no checkpoint, and leaves it there where that is asked', async () => {
    const of = world();
    const name = 'checkpoint-api-1_shop-api-2026-11-25T09:00:00Z.tar';
    of.files.set(name, 'theirs');
    captureIn(of, 'c1', { found: name, keepNodeCopy: true });
    await toEnd(of, 'c1');
    expect([statusOf(of).phase, of.kubeletCalls, of.files.size, of.vault.get('clusters/c1/')]).toEqual(['sealed', 0, 1, 'theirs']);
  });

  it('is not begun once it is deleted, and is brought to its end where it was begun', async () => {
    const of = world();
    captureIn(of, 'c1');
    const capture = of.captures.get('c1')!;
    of.captures.set('c1', { ...capture, metadata: { ...capture.metadata, deletionTimestamp: '2026-11-25T10:00:01Z' } });
    await toEnd(of, 'c1');
    expect([statusOf(of).phase, statusOf(of).reason, of.kubeletCalls]).toEqual(['refused', 'Deleted', 0]);
  });

  it('goes no way that is not one', () => {
    const ways: [Phase, Phase, boolean][] = [['pending', 'checking', true], ['checkpointing', 'sealed', false], ['sealed', 'checking', false], ['refused', 'failed', false], ['shipping', 'removing', false]];
    for (const [before, after, may] of ways) expect(mayFollow(before, after)).toBe(may);
  });
});
