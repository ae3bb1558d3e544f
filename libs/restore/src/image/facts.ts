import type { CheckpointArchive } from '@icecore/archive';
import { DamageError } from '@icecore/bytes';
import type { ContainerSnapshot } from '@icecore/snapshot';
import { criuOfDump, kernelOfDump, readConfigFacts } from '../metadata.ts';
import type { CheckpointFacts } from './annotations.ts';
import { architectureOf } from './architecture.ts';

/**
 * Reads from an archive what its image says of it. Rejects with a `DamageError` where no engine could restore an image of it:
 * it has no container around the CRIU images, or is one of an incremental pair.
 */
export async function checkpointFacts(archive: CheckpointArchive, snapshot: ContainerSnapshot): Promise<CheckpointFacts> {
  const { container, dump } = snapshot;
  if (archive.container === 'oci-image' || archive.container === 'docker-image') throw new DamageError('unsupported', 'the archive is an image already');
  for (const path of ['config.dump', 'spec.dump']) {
    if (archive.entries.get(path)?.type !== 'file') throw new DamageError('missing', `no engine restores an archive without ${path}`, { entry: path });
  }
  if (dump.incremental) throw new DamageError('unsupported', 'the dump builds on an earlier one, which an image of it would not hold');
  const config = await readConfigFacts(archive);
  const containerName = container.name ?? config.containerName ?? container.id?.slice(0, 12);
  if (containerName === undefined) throw new DamageError('missing', 'the archive does not name its container', { entry: 'config.dump' });
  return {
    engine: container.engine,
    containerName,
    pod: container.pod,
    config,
    architecture: architectureOf(dump.machine),
    kernel: await kernelOfDump(archive),
    criu: await criuOfDump(archive),
    cgroups: cgroupsOf(snapshot),
  };
}

/** The version of control groups that the container was in: version 2 has one hierarchy, without a name. */
export function cgroupsOf({ processes }: Pick<ContainerSnapshot, 'processes'>): 'v1' | 'v2' | undefined {
  const controllers = processes.flatMap(({ cgroups }) => cgroups.map(({ controllers: names }) => names));
  if (controllers.length === 0) return undefined;
  return controllers.every((controller) => controller === '') ? 'v2' : 'v1';
}
