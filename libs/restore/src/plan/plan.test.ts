import { readFile } from 'node:fs/promises';
import { type CheckpointArchive, memorySpool } from '@icecore/archive';
import { memorySource } from '@icecore/bytes';
import { imageFromJson, imageToJson, type JsonValue } from '@icecore/criu';
import { openSnapshot } from '@icecore/snapshot';
import { opened, type SampleName, sampleUrl } from '../samples.test-support.ts';
import { parseTarget, planAnswer, planRestore, restoreNeeds, type RestoreNeeds, type TargetMachine, type VerdictSubject } from '../index.ts';

/** A machine on which each of the samples restores. */
const good: TargetMachine = {
  name: 'node-b',
  architecture: 'amd64',
  cpu_flags: ['fpu', 'sse', 'sse2', 'avx', 'avx2', 'avx512f'],
  kernel: '6.18.44-fc-v657',
  page_size: 4096,
  criu: '4.2.1',
  engine: 'podman',
  runtimes: ['runc', 'crun'],
  cgroups: 'v1',
  lsm: ['lockdown', 'capability', 'apparmor'],
  apparmor_profiles: ['containers-default-0.62'],
  images: ['localhost/bb:1', 'sha256:7a121673a544653bdbf5247219d60424f569c3dca62ca37cde89f743d134a81e', 'localhost/lab:1', '48a1d1b7e7e55ba4897e925f3786b7cbac55e9ac36c41f5adde66079f174e1d8'],
  paths: {},
  volumes: [],
  namespaces: ['user', 'time'],
  tcp_established: true,
  addresses: ['10.88.0.5'],
  max_open_files: 1_048_576,
  memory_available_bytes: 1 << 30,
};

async function needsOf(name: SampleName, change?: (archive: CheckpointArchive) => Promise<CheckpointArchive>): Promise<RestoreNeeds> {
  const { archive } = await opened(memorySource(await readFile(sampleUrl(name))));
  const changed = (await change?.(archive)) ?? archive;
  return restoreNeeds(changed, await openSnapshot(changed, { spool: memorySpool() }));
}

/** The archive with one entry changed or added; undefined takes it away. */
function withEntry(archive: CheckpointArchive, path: string, bytes: Uint8Array | undefined): CheckpointArchive {
  const entries = new Map(archive.entries);
  const like = entries.get(path) ?? entries.get('checkpoint/inventory.img');
  if (like === undefined) throw new Error('the sample has no inventory');
  if (bytes === undefined) entries.delete(path);
  else entries.set(path, { ...like, path, size: bytes.length, source: memorySource(bytes) });
  const images = new Map([...entries].flatMap(([name, entry]) => (name.startsWith('checkpoint/') && name.endsWith('.img') ? [[name.slice('checkpoint/'.length), entry] as const] : [])));
  return { ...archive, entries, images: () => images };
}

/** The archive with a CRIU image decoded, changed and encoded again. */
const withImage = (image: string, change: (message: { [field: string]: JsonValue }) => void) => async (archive: CheckpointArchive): Promise<CheckpointArchive> => {
  const source = archive.images().get(image)?.source;
  if (source === undefined) throw new Error(`the sample has no ${image}`);
  const json = await imageToJson(source, image);
  for (const entry of Array.isArray(json['entries']) ? json['entries'] : []) change(entry as { [field: string]: JsonValue });
  return withEntry(archive, `checkpoint/${image}`, imageFromJson(json));
};

/** The parts of `spec.dump` that tests change. */
interface SpecDump {
  readonly mounts: object[];
  readonly linux: { devices?: object[] };
}

const withSpec = (change: (spec: SpecDump) => void) => async (archive: CheckpointArchive): Promise<CheckpointArchive> => {
  const entry = archive.entries.get('spec.dump');
  if (entry === undefined) throw new Error('the sample has no spec.dump');
  const spec: SpecDump = JSON.parse(new TextDecoder().decode(await entry.source.read(0, entry.source.size)));
  change(spec);
  return withEntry(archive, 'spec.dump', new TextEncoder().encode(JSON.stringify(spec)));
};

const bind = (source: string) => withSpec(({ mounts }) => void mounts.push({ destination: '/data', type: 'bind', source, options: ['rbind'] }));

function says(needs: RestoreNeeds, target: TargetMachine): string[] {
  return planRestore(needs, target).filter(({ state }) => state === 'misfit').map(({ subject, says: text }) => `${subject}: ${text}`);
}

describe('a plan', () => {
  for (const name of ['podman', 'attack'] as const) {
    it(`finds no misfit for ${name} on a machine like its own`, async () => {
      const needs = await needsOf(name);
      expect(says(needs, good)).toEqual([]);
      expect(planRestore(needs, good).filter(({ state }) => state === 'unknown').map(({ subject }) => subject)).toEqual(['cpu', 'kernel']);
    });
  }

  it('knows nothing of a machine of which nothing is known, and says so for each need', async () => {
    const verdicts = planRestore(await needsOf('attack'), { name: 'node-x' });
    expect(planAnswer(verdicts)).toBe('unknown');
    const subjects: VerdictSubject[] = ['engine', 'runtime', 'architecture', 'cpu', 'kernel', 'criu', 'page size', 'base image', 'connection', 'control groups', 'memory'];
    for (const subject of subjects) expect(verdicts.find((each) => each.subject === subject && each.state === 'unknown')).toBeDefined();
  });

  const misfits: [why: string, SampleName, ((archive: CheckpointArchive) => Promise<CheckpointArchive>) | undefined, Partial<TargetMachine>, RegExp][] = [
    ['another architecture', 'podman', undefined, { architecture: 'arm64' }, /^architecture: the dump is of amd64, and node-b is arm64/],
    ['registers in use that the processor has not', 'podman', undefined, { cpu_flags: ['fpu', 'sse', 'sse2', 'avx', 'avx2'] }, /^cpu: node-b's processor has no avx512f, and thread \d+ has its registers in use/],
    ['a feature of cpuinfo.img that the processor has not', 'podman', async (archive) => withEntry(archive, 'checkpoint/cpuinfo.img', imageFromJson({ magic: 'CPUINFO', entries: [{ x86_entry: [{ vendor_id: 'INTEL', cpu_family: 6, model: 85, stepping: 7, capability_ver: 1, capability: [0, 0, 0, 0, 0, 0, 0, 0, 0, 2 ** 29, 0, 0] }] }] })), {}, /^cpu: .* no sha_ni, and the processor of the dump had it/],
    ['an older kernel', 'crio', undefined, { engine: 'cri-o', kernel: '5.10.0-32-amd64' }, /^kernel: the dump is of 6.18.44-fc-v657, and node-b has 5.10.0-32-amd64/],
    ['a kernel without time namespaces', 'podman', undefined, { kernel: '5.4.0' }, /^kernel: the container has a time namespace, which Linux has since 5.6/],
    ['an older CRIU', 'containerd', undefined, { engine: 'containerd', criu: '3.18' }, /^criu: CRIU 4.2.1 took the dump, and node-b has 3.18/],
    ['no CRIU', 'podman', undefined, { criu: null }, /^criu: node-b has no CRIU/],
    ['larger pages', 'podman', undefined, { page_size: 65536 }, /^page size: the dump has pages of 4096 bytes, and node-b of 65536/],
    ['no base image', 'podman', undefined, { images: ['docker.io/library/nginx:1'] }, /^base image: node-b has not localhost\/bb:1, 7a121673/],
    ['another image under the name', 'podman', undefined, { images: ['localhost/bb:1', 'sha256:0000000000000000000000000000000000000000000000000000000000000000'] }, /^base image: localhost\/bb:1 is there, but it is not 7a121673/],
    ['another engine', 'crio', undefined, { engine: 'containerd' }, /^engine: cri-o took the checkpoint, and node-b runs containerd/],
    ['another runtime', 'crio', undefined, { engine: 'cri-o', runtimes: ['crun'] }, /^runtime: runc made the dump, and node-b has crun/],
    ['a bind mount whose source is not there', 'podman', bind('/srv/data'), { paths: { '/srv/data': false } }, /^bind mount: node-b has not \/srv\/data, which is mounted at \/data/],
    ['a volume that is nowhere', 'podman', bind('/var/lib/containers/storage/volumes/orders/_data'), {}, /^volume: orders is neither in the archive nor on node-b/],
    ['a connection that CRIU refuses', 'attack', undefined, { tcp_established: false }, /^connection: a TCP connection is established, and CRIU on node-b refuses/],
    ['a connection whose address the copy cannot have', 'attack', undefined, { addresses: ['10.88.0.9'] }, /^connection: the copy cannot have the address 10.88.0.5/],
    ['labels of a security module that is off', 'podman', withImage('inventory.img', (message) => (message['lsmtype'] = 'SELINUX')), {}, /^security module: the dump has labels of selinux/],
    ['no user namespaces', 'gzip', undefined, { namespaces: ['time'] }, /^namespace: the container has a user namespace, and node-b has none/],
    ['another version of control groups', 'podman', undefined, { cgroups: 'v2' }, /^control groups: the dump has v1, and node-b has v2/],
    ['a device that is not there', 'podman', withSpec((spec) => void (spec.linux.devices = [{ path: '/dev/kvm' }])), { paths: { '/dev/kvm': false } }, /^device: node-b has not the device \/dev\/kvm/],
    ['a limit that the kernel does not allow', 'podman', undefined, { max_open_files: 1024 }, /^limits: a process may have \d+ open files, and node-b allows 1024/],
    ['too little memory', 'attack', undefined, { memory_available_bytes: 1 << 20 }, /^memory: the copy takes 13.6 MiB, and node-b has 1.0 MiB/],
    ['pages that are in an earlier dump', 'podman', async (archive) => withEntry(archive, 'checkpoint/parent', new Uint8Array(0)), {}, /^archive: some of its pages are in an earlier dump/],
    ['an image that is missing', 'podman', async (archive) => withEntry(archive, 'checkpoint/mm-1.img', undefined), {}, /^archive: it is damaged/],
  ];
  for (const [why, name, change, target, reason] of misfits) {
    it(`says no, with the reason: ${why}`, async () => {
      const needs = await needsOf(name, change);
      const machine = { ...good, ...target };
      expect(planAnswer(planRestore(needs, machine))).toBe('misfit');
      expect(says(needs, machine).some((each) => reason.test(each)) || says(needs, machine)).toBe(true);
    });
  }

  it('reads a row of the doctor, whose silence is not taken for a yes', async () => {
    const row = { name: 'node-1', good: false, checks: [{ check: 'runtime', state: 'good', says: 'containerd 2.1.9' }, { check: 'criu', state: 'bad', says: 'the runtime did not find it, or found it too old' }, { check: 'tcp-established', state: 'bad', says: 'CRIU refuses' }, { check: 'disk', state: 'unseen', says: 'x' }] };
    const target = parseTarget(row);
    expect(target).toEqual({ name: 'node-1', criu: null, engine: 'containerd', tcp_established: false });
    expect(says(await needsOf('attack'), target).map((each) => each.split(':')[0])).toEqual(['engine', 'criu', 'connection']);
    expect(() => parseTarget({ name: 'x', unheard_of: 1 })).toThrow();
  });
});

