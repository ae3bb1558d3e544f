import { containerIdOf, recordedCheckpointer, type Rehearsal, type RoleProcess, startRehearsal } from './index.ts';
import { type CommandLineRun, icecore, jsonObjects } from './command-line.ts';
import { evidenceFaults } from './evidence-check.test-support.ts';
import { capturingPolicy, recordedArchive } from './samples.test-support.ts';

let rehearsal: Rehearsal;
let node: RoleProcess;
const policy = capturingPolicy().replace('protect: [{ namespace: kube-system }]', 'protect: [{ namespace: kube-system }, { container: mesh }, { namespaceLabels: { tenant: gold } }]');

beforeAll(async () => {
  rehearsal = await startRehearsal({ policy, checkpointer: recordedCheckpointer(recordedArchive, () => 300) });
  rehearsal.addPod({ namespace: 'shop', name: 'one', containers: ['app'] });
  rehearsal.addPod({ namespace: 'shop', name: 'two', containers: ['app', 'side', 'mesh'] });
  rehearsal.addPod({ namespace: 'shop', name: 'ended', containers: ['app'], ended: ['app'] });
  rehearsal.addPod({ namespace: 'shop', name: 'talking', containers: ['app'] });
  rehearsal.addPod({ namespace: 'shop', name: 'later', containers: ['app'] });
  rehearsal.addPod({ namespace: 'kube-system', name: 'dns', containers: ['dns'] });
  node = rehearsal.start('node');
  await node.ready;
});
afterAll(() => rehearsal.stop());

const capture = (...words: readonly string[]): Promise<CommandLineRun> => icecore(['capture', ...words], { width: 220, env: { KUBECONFIG: rehearsal.kubeconfigs.operator } });
const of = (pod: string) => rehearsal.captures().filter(({ spec }) => spec.target.pod === pod);

describe('icecore capture', () => {
  it('has a container captured, shows how far it is, and ends when it is sealed', async () => {
    const { code, out, err } = await capture('shop/one/app', '--reason', 'the on-call saw a shell');
    expect([code, err]).toEqual([0, '']);
    const [{ metadata, spec, status }] = [of('one')[0]!];
    expect(spec).toMatchObject({
      reason: expect.stringMatching(/^the on-call saw a shell \(asked for by \S+\)$/),
      policyRule: 'everything',
      alert: { source: 'operator' },
      target: { namespace: 'shop', pod: 'one', podUid: expect.stringMatching(/^[0-9a-f-]{36}$/), container: 'app', containerId: containerIdOf('shop', 'one', 'app'), node: 'lab-node' },
    });
    expect(out.split('\n')[0]).toBe(`${metadata.name}: shop/one/app on node lab-node`);
    const phases = [...out.matchAll(/^ {2}\d\d:\d\d:\d\d {2}(\w+)/gm)].map(([, phase]) => phase);
    expect(phases).toContain('checkpointing');
    expect(phases.at(-1)).toBe('sealed');
    expect(out).toContain(`SHA-256 ${status.archive?.sha256}`);
    expect(out).toContain(status.vault?.key);
    expect(await evidenceFaults(rehearsal, rehearsal.captures())).toEqual([]);
  });

  it('takes every container of a pod that policy lets it take, and tells all as JSON', async () => {
    const { code, out } = await capture('shop/two', '--json');
    expect(code).toBe(0);
    const told = jsonObjects(out);
    expect(told).toHaveLength(2);
    expect(told).toEqual(expect.arrayContaining(['app', 'side'].map((container) => expect.objectContaining({ phase: 'sealed', target: expect.objectContaining({ container }) }))));
    expect(told[0]).toEqual({
      capture: expect.any(String), uid: expect.any(String), why: expect.stringMatching(/^asked for by /), phase: 'sealed', reason: 'Sealed', message: expect.any(String), finding: null, attempts: 1,
      asked_at: expect.any(String), finished_at: expect.any(String),
      target: { namespace: 'shop', pod: 'two', pod_uid: expect.any(String), container: expect.any(String), container_id: expect.stringMatching(/^[0-9a-f]{64}$/), node: 'lab-node' },
      archive: { name: expect.any(String), taken_at: expect.any(String), bytes: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      vault: { location: expect.any(String), key: expect.stringMatching(/^clusters\//) },
    });
  });

  it('leaves at once where it is told not to wait', async () => {
    await node.stop();
    const { code, out } = await capture('shop/later', '--no-wait');
    expect([code, out]).toEqual([0, `${of('later')[0]?.metadata.name}\n`]);
    expect(of('later')[0]?.status.phase).toBe('pending');
    node = rehearsal.start('node');
    await rehearsal.until((all) => all.every(({ status }) => status.phase === 'sealed'));
  });

  it('tells in words why a checkpoint was refused, and ends with 1', async () => {
    rehearsal.kubelet.state.established.add('shop/talking/app');
    const { code, out } = await capture('shop/talking/app');
    expect(code).toBe(1);
    expect(out).toMatch(/^ {2}\d\d:\d\d:\d\d {2}failed {2}CriuRefused: CRIU gave up/m);
    expect(out).toContain('finding S72, medium: Capture that was refused (capture.refused.unknown); harmless where programs that use these features for their work');
  });

  test.each([
    ['what policy protects', 'kube-system/dns', 1, 'kube-system/dns is not captured: containers: none that runs and may be captured'],
    ['a container that policy protects', 'shop/two/mesh', 1, 'shop/two/mesh is not captured: containers'],
    ['a container that has ended', 'shop/ended/app', 1, 'shop/ended/app is not captured: containers: none that runs'],
  ])('does not ask for %s', async (_what, target, code, words) => {
    const before = rehearsal.captures().length;
    const ran = await capture(target);
    expect([ran.code, ran.out]).toEqual([code, expect.stringContaining(words)]);
    expect(rehearsal.captures()).toHaveLength(before);
  });

  test.each([
    ['a pod that is not there', ['shop/none'], 2, 'the cluster has no pod shop/none'],
    ['a container that is not there', ['shop/two/none'], 2, 'pod shop/two has no container none; it has app, side, mesh'],
    ['a target that is none', ['shop'], 2, '"shop" is not NAMESPACE/POD[/CONTAINER]'],
    ['a target that leads elsewhere', ['shop/../secrets/x'], 2, 'is not NAMESPACE/POD'],
    ['no target', [], 2, 'needs NAMESPACE/POD'],
    ['a namespace without icecore', ['shop/one', '--namespace', 'elsewhere'], 3, 'Role icecore-operator in elsewhere'],
    ['a context that is not there', ['shop/one', '--context', 'none'], 3, 'there is no way to a cluster'],
  ])('says of %s what is wrong', async (_what, words, code, message) => {
    const ran = await capture(...words);
    expect([ran.code, ran.err]).toEqual([code, expect.stringContaining(message)]);
  });

  it('says which rights are missing to whom may not ask', async () => {
    const { code, err } = await icecore(['capture', 'shop/one'], { env: { KUBECONFIG: rehearsal.kubeconfigs.nobody } });
    expect([code, err]).toEqual([3, expect.stringMatching(/pods "one" is forbidden.*\n {2}ask for the Role icecore-operator in icecore, and the ClusterRole icecore-operator/)]);
  });
});
