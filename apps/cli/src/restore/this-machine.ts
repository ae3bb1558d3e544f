import { existsSync, readFileSync } from 'node:fs';
import { arch, hostname, networkInterfaces, release } from 'node:os';
import { spawnSync } from 'node:child_process';
import { auxvPageSize, parseAuxv } from '@icecore/linux';
import type { RestoreNeeds, TargetMachine } from '@icecore/restore';

/** Go's names of the architectures that Node names otherwise. */
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ppc64: 'ppc64le', loong64: 'loong64' };

/** This machine as a target: what of it can be seen without changing anything. What cannot be seen is left out. */
export function thisMachine(needs: RestoreNeeds): TargetMachine {
  const podman = output('podman', ['--version']);
  const flags = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(text('/proc/cpuinfo') ?? '')?.[1];
  const lsm = text('/sys/kernel/security/lsm');
  const criu = output('criu', ['--version']);
  const runtimes = ['runc', 'crun', 'youki'].filter((name) => output(name, ['--version']) !== undefined);
  const paths = [...needs.bindMounts.map(({ source }) => source), ...needs.devices, ...needs.joinedNamespaces.map(({ path }) => path)];
  const profiles = text('/sys/kernel/security/apparmor/profiles');
  const images = output('podman', ['image', 'list', '--no-trunc', '--format', '{{.ID}} {{.Repository}}:{{.Tag}} {{.Digest}}']);
  const volumes = output('podman', ['volume', 'list', '--format', '{{.Name}}']);
  const memory = /^MemAvailable:\s*(\d+) kB$/m.exec(text('/proc/meminfo') ?? '')?.[1];
  const open = text('/proc/sys/fs/nr_open');
  const page = pageSize();
  return {
    name: hostname(),
    architecture: architectures[arch()] ?? arch(),
    kernel: release(),
    criu: criu === undefined ? null : (/(\d+(?:\.\d+)+)/.exec(criu)?.[1] ?? null),
    runtimes,
    addresses: Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address)),
    paths: Object.fromEntries(paths.map((path) => [path, existsSync(path)])),
    namespaces: ['user', 'time'].filter((kind) => existsSync(`/proc/self/ns/${kind}`)),
    cgroups: existsSync('/sys/fs/cgroup/cgroup.controllers') ? 'v2' : 'v1',
    ...(podman === undefined ? {} : { engine: 'podman' }),
    ...(flags === undefined ? {} : { cpu_flags: flags.split(/\s+/) }),
    ...(lsm === undefined ? {} : { lsm: lsm.trim().split(',') }),
    ...(profiles === undefined ? {} : { apparmor_profiles: profiles.split('\n').map((line) => line.replace(/ \(\w+\)$/, '')).filter((line) => line !== '') }),
    ...(images === undefined ? {} : { images: images.split(/\s+/).filter((word) => word !== '') }),
    ...(volumes === undefined ? {} : { volumes: volumes.split('\n').filter((line) => line !== '') }),
    ...(memory === undefined ? {} : { memory_available_bytes: Number(memory) * 1024 }),
    ...(open === undefined ? {} : { max_open_files: Number(open) }),
    ...(page === undefined ? {} : { page_size: page }),
    // podman takes --tcp-established itself, whatever CRIU's configuration says.
    ...(podman === undefined ? {} : { tcp_established: true }),
  };
}

/** From the auxiliary vector of this process. */
function pageSize(): number | undefined {
  try {
    const words = new BigUint64Array(Uint8Array.from(readFileSync('/proc/self/auxv')).buffer);
    return auxvPageSize(parseAuxv([...words]));
  } catch {
    return undefined;
  }
}

function text(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function output(program: string, words: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, words, { encoding: 'utf8', timeout: 20_000, stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout : undefined;
}
