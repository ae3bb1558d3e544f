import fc from 'fast-check';
import {
  accessQuestions, accessReview, accessText, type Check, type CheckName, checkNames, checkpointGate, criuOptions, examineCluster, examineMachine, examineNode, gatherNodeReport, type KubeletReply, type MachineView, type NodeReport, nodeReportManifest, nodeReportName, type NodeReportPorts, type NodeView, noSight,
  parseNode, parseNodeReport, readConfiguration, requiredPermissions, sight,
} from '../index.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const gibibyte = 2 ** 30;
const report: NodeReport = {
  schema: 1,
  node: 'node-a',
  at: new Date(now - 60_000).toISOString(),
  kubelet: { probe: 'ready', message: 'the kubelet takes checkpoints' },
  tcpEstablished: true,
  runtimeAllows: null,
  criu: { present: true, version: '4.2.1' },
  disk: { freeBytes: 40 * gibibyte },
  vault: { reachable: true, message: '' },
  clockOffsetMs: 0,
};
function node(change: { info?: object; labels?: Record<string, string>; conditions?: readonly object[] } = {}) {
  const parsed = parseNode({
    metadata: { name: 'node-a', labels: change.labels ?? {} },
    status: { nodeInfo: { kubeletVersion: 'v1.36.0', containerRuntimeVersion: 'containerd://2.1.9', osImage: 'Debian GNU/Linux 12', operatingSystem: 'linux', ...change.info }, conditions: [{ type: 'Ready', status: 'True' }, ...(change.conditions ?? [])] },
  });
  if (parsed === undefined) throw new Error('not a node');
  return parsed;
}
const view: NodeView = { node: node(), report, gate: noSight('x'), access: sight([{ what: 'create nodes/checkpoint', allowed: true }]), freeBytes: 2 * gibibyte, now };
const examined = (change: Partial<NodeView>): readonly Check[] => examineNode({ ...view, ...change }).checks;
const notGood = (checks: readonly Check[]): readonly string[] => checks.filter(({ state }) => state !== 'good').map(({ check, state }) => `${check} ${state}`);
const says = (checks: readonly Check[], name: CheckName): string => checks.filter(({ check }) => check === name).map((each) => `${each.says}${'remedy' in each ? ` | ${each.remedy}` : ''}`).join();

describe('a node', () => {
  it('is well where all is, and has every check', () => {
    expect(notGood(examined({}))).toEqual([]);
    expect(examined({}).map(({ check }) => check)).toEqual([...checkNames]);
  });

  const told = (change: Partial<NodeReport>): Partial<NodeView> => ({ report: { ...report, ...change } });
  test.each<[string, Partial<NodeView>, string, CheckName, string]>([
    ['before the API came', { node: node({ info: { kubeletVersion: 'v1.24.17-eks-1' } }) }, 'kubelet bad', 'kubelet', '1.25 or newer'],
    ['whose kubelet is away', { node: notReady() }, 'kubelet bad', 'kubelet', 'not ready'],
    ['whose gate is off', told({ kubelet: { probe: 'gate_off', message: 'off' } }), 'gate bad', 'gate', 'featureGates: { ContainerCheckpoint: true }'],
    ['whose kubelet is not reached', told({ kubelet: { probe: 'unreachable', message: 'self-signed certificate' } }), 'kubelet bad,gate unseen', 'kubelet', 'ICECORE_KUBELET_CA'],
    ['whose kubelet takes no tokens', told({ kubelet: { probe: 'not_authenticated', message: 'no' } }), 'kubelet bad,gate unseen', 'kubelet', 'authentication.webhook'],
    ['whose role may not', told({ kubelet: { probe: 'not_permitted', message: 'the service account may not create nodes/checkpoint' } }), 'gate unseen,rbac bad', 'rbac', 'nodes/checkpoint'],
    ['with containerd 1.7', { node: node({ info: { containerRuntimeVersion: 'containerd://1.7.27' } }) }, 'runtime bad', 'runtime', 'containerd 2.0'],
    ['with docker', { node: node({ info: { containerRuntimeVersion: 'docker://27.0.0' } }) }, 'runtime bad', 'runtime', 'docker 27.0.0'],
    ['with CRI-O that is told not to', { ...told({ runtimeAllows: false }), node: node({ info: { containerRuntimeVersion: 'cri-o://1.37.0' } }) }, 'runtime bad', 'runtime', 'enable_criu_support'],
    ['without CRIU', told({ criu: { present: false, version: null } }), 'criu bad', 'criu', 'install CRIU 3.16'],
    ['with a CRIU that is too old', told({ criu: { present: true, version: '3.15' } }), 'criu bad', 'criu', '3.15 is too old'],
    ['on which nothing was captured yet', told({ criu: null }), 'criu unseen', 'criu', 'icecore doctor --local'],
    ['that drops connections', told({ tcpEstablished: false }), 'tcp-established bad', 'tcp-established', '/etc/criu/runc.conf'],
    ['whose /etc/criu is not shown', told({ tcpEstablished: null }), 'tcp-established unseen', 'tcp-established', 'overlay of your runtime'],
    ['that is full', told({ disk: { freeBytes: gibibyte } }), 'disk bad', 'disk', '1.0 GiB free, 2.0 GiB must stay'],
    ['that is under pressure', { node: node({ conditions: [{ type: 'DiskPressure', status: 'True', message: 'imagefs' }] }) }, 'disk bad', 'disk', 'imagefs'],
    ['that does not reach the vault', told({ vault: { reachable: false, message: 'AccessDenied' } }), 'vault bad', 'vault', 'AccessDenied'],
    ['whose clock is off', told({ clockOffsetMs: -5200 }), 'clock bad', 'clock', '-5.2 s'],
    ['whose role lacks a right', { access: sight([{ what: 'create nodes/checkpoint', allowed: false }]) }, 'rbac bad', 'rbac', 'may not create nodes/checkpoint'],
    ['whose rights may not be asked for', { access: noSight('subjectaccessreviews is forbidden') }, 'rbac unseen', 'rbac', 'icecore-doctor'],
    ['whose role is silent', told({ at: new Date(now - 3_600_000).toISOString() }), 'role bad', 'role', '60 minutes old'],
  ])('%s', (_what, change, states, check, words) => {
    const checks = examined(change);
    expect(notGood(checks).join()).toBe(states);
    expect(says(checks, check)).toContain(words);
  });

  it('without its role’s report tells what is seen from outside, and what is not', () => {
    expect(notGood(examined({ report: undefined }))).toEqual(['role bad', 'gate unseen', 'criu unseen', 'tcp-established unseen', 'disk unseen', 'vault unseen', 'clock unseen']);
    expect(notGood(examined({ report: undefined, gate: sight(false) }))).toContain('gate bad');
    expect(notGood(examined({ report: undefined, gate: sight(undefined) }))).not.toContain('gate unseen');
    expect(notGood(examined({ report: undefined, gate: sight(undefined), node: node({ info: { kubeletVersion: 'v1.29.4' } }) }))).toContain('gate bad');
  });

  test.each([
    ['Fargate', { labels: { 'eks.amazonaws.com/compute-type': 'fargate' } }],
    ['Bottlerocket', { info: { osImage: 'Bottlerocket OS 1.20 (aws-k8s-1.30)' } }],
    ['Windows', { info: { operatingSystem: 'windows' } }],
  ])('of %s is said to take none, and no more', (_what, change) => {
    expect(examined({ node: node(change) })).toHaveLength(1);
    expect(notGood(examined({ node: node(change) })).join()).toMatch(/bad$/);
  });
});
function notReady() {
  const parsed = parseNode({ metadata: { name: 'node-a' }, status: { nodeInfo: { kubeletVersion: 'v1.36.0', containerRuntimeVersion: 'containerd://2.1.9' }, conditions: [{ type: 'Ready', status: 'Unknown', message: 'Kubelet stopped posting node status.' }] } });
  if (parsed === undefined) throw new Error('not a node');
  return parsed;
}

describe('a cluster', () => {
  const whole = { resourceInstalled: sight(true), access: sight([]), alerts: sight({ ready: 2, all: 2 }), clockOffsetMs: sight(0) };
  test.each([
    [{}, ''],
    [{ resourceInstalled: sight(false) }, 'role bad'],
    [{ alerts: sight({ ready: 0, all: 2 }) }, 'role bad'],
    [{ alerts: sight({ ready: 0, all: 0 }) }, 'role bad'],
    [{ alerts: noSight('pods is forbidden') }, 'role unseen'],
    [{ access: sight([{ what: 'get pods', allowed: false }]) }, 'rbac bad'],
    [{ clockOffsetMs: sight(60_000) }, 'clock bad'],
  ])('%j', (change, states) => {
    expect(notGood(examineCluster({ ...whole, ...change }).checks).join()).toBe(states);
  });
});

describe('a machine, from within', () => {
  const answer = (output: string, code = 0) => ({ code, output });
  const absent = { code: undefined, output: '' };
  const machine: MachineView = {
    name: 'node-a',
    criuVersion: answer('Version: 4.2.1\n'),
    criuCheck: answer('Looks good.\n'),
    asRoot: true,
    runtimes: new Map([['containerd', answer('containerd github.com/containerd/containerd/v2 v2.1.9 abc')], ['runc', answer('runc version 1.3.0')]]),
    criuFiles: [{ name: 'runc.conf', text: 'tcp-established\n' }],
    runtimeFiles: [],
    kubelet: answer('Kubernetes v1.36.0'),
    kubeletConfiguration: 'kind: KubeletConfiguration\n',
    freeBytes: 40 * gibibyte,
    leastFreeBytes: 2 * gibibyte,
  };
  const old = (name: string, output: string): Partial<MachineView> => ({ runtimes: new Map([[name, answer(output)]]) });
  test.each<[string, Partial<MachineView>, string]>([
    ['is well', {}, ''],
    ['has no criu', { criuVersion: absent }, 'criu bad'],
    ['has an old criu', { criuVersion: answer('Version: 3.15\n') }, 'criu bad'],
    ['has a kernel that cannot', { criuCheck: answer('Error (criu/cr-check.c:1): CONFIG_CHECKPOINT_RESTORE is off\n', 1) }, 'criu bad'],
    ['is asked by somebody else than root', { asRoot: false }, 'criu unseen'],
    ['has containerd 1.6', old('containerd', 'containerd containerd.io 1.6.33 abc'), 'runtime bad'],
    ['has a crun without CRIU', old('crun', 'crun version 1.8\n+SYSTEMD +SELINUX +APPARMOR\n'), 'runtime bad'],
    ['has a crun with it', old('crun', 'crun version 1.23\n+SYSTEMD +CRIU +YAJL\n'), ''],
    ['has checkpoints switched off', { runtimeFiles: [{ name: 'crio.conf', text: '[crio.runtime]\nenable_criu_support = false\n' }] }, 'runtime bad'],
    ['has no runtime', { runtimes: new Map([['runc', absent]]) }, 'runtime bad'],
    ['drops connections', { criuFiles: [{ name: 'runc.conf', text: '# tcp-established\n' }] }, 'tcp-established bad'],
    ['has the gate off', { kubeletConfiguration: 'featureGates:\n  ContainerCheckpoint: false\n' }, 'gate bad'],
    ['has a kubelet before the gate was on by default', { kubelet: answer('Kubernetes v1.28.0') }, 'gate bad'],
    ['is no node', { kubelet: absent, kubeletConfiguration: undefined }, 'kubelet unseen,gate unseen'],
    ['is full', { freeBytes: gibibyte }, 'disk bad'],
  ])('%s', (_what, change, states) => {
    expect(notGood(examineMachine({ ...machine, ...change }).checks).join()).toBe(states);
  });
});

describe('configuration', () => {
  it('of CRIU has an option a line, with or without a value, and comments', () => {
    expect([...criuOptions('# tcp-established\n  tcp-established  # keep\nlog-file=/tmp/x.log\nverbosity 4\n\n--ext-unix-sk\n')]).toEqual(['tcp-established', 'log-file', 'verbosity', 'ext-unix-sk']);
  });

  test.each([
    ['crio.conf', '[crio.runtime]\n  enable_criu_support = true\n', true],
    ['crio.conf', '# enable_criu_support = true\n', undefined],
    ['config.toml', 'version = 3\n[plugins."io.containerd.cri.v1.runtime"]\n  enable_criu = false\n', false],
  ])('of %s is read', (name, text, allows) => {
    expect(readConfiguration([], [{ name, text }]).runtimeAllows).toBe(allows);
  });

  it('is overruled by a later drop-in', () => {
    expect(readConfiguration([], [{ name: 'a', text: 'enable_criu_support = false' }, { name: 'b', text: 'enable_criu_support = true' }]).runtimeAllows).toBe(true);
  });

  it('counts for CRIU only from files that a runtime hands to it', () => {
    expect(readConfiguration([{ name: 'notes.txt', text: 'tcp-established' }], []).tcpEstablished).toBe(false);
    expect(readConfiguration([{ name: 'crun.conf', text: 'tcp-established' }], []).tcpEstablishedFile).toBe('crun.conf');
  });

  test.each([
    ['featureGates:\n  ContainerCheckpoint: true\n', true],
    ['{"featureGates":{"ContainerCheckpoint":false}}', false],
    ['featureGates:\n  # ContainerCheckpoint: false\n  Other: true\n', undefined],
  ])('of the kubelet: %j', (text, value) => {
    expect(checkpointGate(text)).toBe(value);
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void [criuOptions(text), checkpointGate(text), readConfiguration([{ name: 'runc.conf', text }], [{ name: 'c', text }])]));
  });
});

describe('the report of a node', () => {
  const answer = (status: number, body: string): KubeletReply => ({ kind: 'answer', status, body });
  const ports: NodeReportPorts = {
    node: 'node-a',
    kubelet: { checkpoint: async () => answer(404, 'pod does not exist') },
    folder: { freeBytes: async () => 5 * gibibyte },
    files: { configuration: async (of) => (of === 'criu' ? [{ name: 'runc.conf', text: 'tcp-established' }] : undefined) },
    criu: () => ({ version: '4.2.1' }),
    vaultFault: async () => undefined,
    serverTime: async () => new Date(now),
    now: () => now + 300,
  };
  const gathered = (change: Partial<NodeReportPorts>): Promise<NodeReport> => gatherNodeReport({ ...ports, ...change });

  it('asks the kubelet for a pod that there cannot be, and captures nothing', async () => {
    const asked: unknown[] = [];
    await gathered({ kubelet: { checkpoint: async (target) => (asked.push(target), answer(404, 'pod does not exist')) } });
    expect(asked).toEqual([{ namespace: 'icecore-preflight', pod: 'icecore-preflight', container: 'none' }]);
  });

  test.each<[KubeletReply, string]>([
    [answer(404, 'pod does not exist'), 'ready'],
    [answer(404, '404 page not found\n'), 'gate_off'],
    [answer(403, 'Forbidden (user=system:serviceaccount:lab:ck-none, verb=create, resource=nodes, subresource(s)=[checkpoint])'), 'not_permitted'],
    [answer(401, 'Unauthorized'), 'not_authenticated'],
    [answer(503, '{"kind":"Status","message":"error trying to reach service: dial tcp 10.99.0.1:10250: connect: connection refused","code":503}'), 'unreachable'],
    [{ kind: 'unreachable', message: 'connect ECONNREFUSED' }, 'unreachable'],
    [{ kind: 'lost', message: 'socket hang up' }, 'unreachable'],
    [answer(418, 'teapot'), 'unknown'],
  ])('%j is %s', async (reply, probe) => {
    expect((await gathered({ kubelet: { checkpoint: async () => reply } })).kubelet.probe).toBe(probe);
  });

  it('tells what is not seen as such', async () => {
    expect(await gathered({ files: { configuration: async () => undefined }, criu: () => undefined, serverTime: async () => undefined })).toMatchObject({ tcpEstablished: null, runtimeAllows: null, criu: null, clockOffsetMs: null });
    expect(await gathered({})).toMatchObject({ tcpEstablished: true, criu: { present: true, version: '4.2.1' }, clockOffsetMs: 0 });
  });

  test.each([
    [now - 5000, -5000],
    [now, 0],
    [now + 999, 0],
    [now + 8999, 8000],
  ])('has the clock at %i as %i ms off, as the header counts seconds', async (at, offset) => {
    expect((await gathered({ now: () => at })).clockOffsetMs).toBe(offset);
  });

  it('comes back from the API as it was written', async () => {
    const written = await gathered({ vaultFault: async () => 'AccessDenied' });
    expect(parseNodeReport(JSON.parse(JSON.stringify(nodeReportManifest(written, 'icecore'))))).toEqual(written);
  });

  test.each([[{}], [{ metadata: { name: 'x' }, data: {} }], [{ metadata: { name: 'x' }, data: { 'report.json': '{' } }], [{ metadata: { name: 'x' }, data: { 'report.json': '{"schema":2}' } }]])('is none in %j', (value) => {
    expect(parseNodeReport(value)).toBeUndefined();
  });

  it('has a name that Kubernetes takes, however long the node’s is', () => {
    expect(nodeReportName('node-a')).toBe('icecore-node-node-a');
    expect(nodeReportName('n'.repeat(253)).length).toBeLessThanOrEqual(253);
  });
});

describe('questions about rights', () => {
  const questions = accessQuestions(requiredPermissions.node, 'icecore');
  it('are one for each verb of each resource that the code declares', () => {
    expect(questions.map(accessText)).toEqual(expect.arrayContaining(['create nodes/checkpoint', 'patch captures/status.icecore.dev in icecore', 'get pods/log']));
    const rules = [...requiredPermissions.node.own, ...requiredPermissions.node.cluster];
    expect(questions).toHaveLength(rules.reduce((sum, { resources, verbs }) => sum + resources.length * verbs.length, 0));
  });

  it('are about the role’s own account', () => {
    const checkpoint = questions.find(({ subresource }) => subresource === 'checkpoint');
    expect(checkpoint && accessReview(checkpoint, { namespace: 'icecore', name: 'icecore-node' })).toMatchObject({
      kind: 'SubjectAccessReview',
      spec: { user: 'system:serviceaccount:icecore:icecore-node', resourceAttributes: { verb: 'create', group: '', resource: 'nodes', subresource: 'checkpoint' } },
    });
  });
});
