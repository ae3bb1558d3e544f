import type { Engine } from '@icecore/archive';
import type { ConfigFacts } from '../metadata.ts';
import type { Annotations } from './descriptor.ts';

/** What an image says of the checkpoint in it. What the archive does not tell is undefined and makes no annotation. */
export interface CheckpointFacts {
  readonly engine: Engine;
  readonly containerName: string;
  readonly pod: { readonly name: string | undefined; readonly namespace: string | undefined; readonly uid: string | undefined } | undefined;
  readonly config: ConfigFacts;
  /** `amd64`. */
  readonly architecture: string | undefined;
  /** `6.1.0-28-amd64`. */
  readonly kernel: string | undefined;
  /** `4.2.1`. */
  readonly criu: string | undefined;
  readonly cgroups: 'v1' | 'v2' | undefined;
}

/** Names of engines as checkpointctl (lib/annotations.go) writes them. */
const engineNames: Readonly<Record<Engine, string | undefined>> = { podman: 'Podman', 'cri-o': 'CRI-O', containerd: 'containerd', unknown: undefined };

/**
 * The annotations by which engines know an image as a checkpoint: CRI-O by its own name on the manifest, containerd by
 * `org.criu.checkpoint.container.name` on what the tag points at, podman by the files in the layer, with its own for people.
 * All are set whatever engine took the checkpoint; `engine.name` tells which did.
 */
export function checkpointAnnotations(facts: CheckpointFacts): Annotations {
  const { containerName, pod, config, architecture, kernel, criu, cgroups } = facts;
  const engines = ['io.kubernetes.cri-o.annotations.checkpoint', 'io.podman.annotations.checkpoint'];
  const values: (readonly [string, string | undefined])[] = [
    ...engines.flatMap((prefix) => [
      [`${prefix}.name`, containerName] as const,
      [`${prefix}.rawImageName`, config.requested] as const,
      [`${prefix}.rootfsImageID`, config.reference] as const,
      [`${prefix}.rootfsImageName`, config.name] as const,
    ]),
    ['io.kubernetes.cri-o.annotations.checkpoint.criu.version', criu],
    ['io.podman.annotations.checkpoint.criu.version', criu],
    ['io.podman.annotations.checkpoint.runtime.name', config.runtime],
    ['io.podman.annotations.checkpoint.host.arch', architecture],
    ['io.podman.annotations.checkpoint.host.kernel', kernel],
    ['io.podman.annotations.checkpoint.cgroups.version', cgroups],
    ['org.criu.checkpoint.engine.name', engineNames[facts.engine]],
    ['org.criu.checkpoint.container.name', containerName],
    ['org.criu.checkpoint.pod.name', pod?.name],
    ['org.criu.checkpoint.pod.namespace', pod?.namespace],
    ['org.criu.checkpoint.pod.uid', pod?.uid],
    ['org.criu.checkpoint.rootfsImageUserRequested', config.requested],
    ['org.criu.checkpoint.rootfsImageName', config.name],
    ['org.criu.checkpoint.rootfsImageID', config.reference],
    ['org.criu.checkpoint.rawImageName', config.requested],
    ['org.criu.checkpoint.runtime.name', config.runtime],
    ['org.criu.checkpoint.criu.version', criu],
    ['org.criu.checkpoint.host.arch', architecture],
    ['org.criu.checkpoint.host.kernel', kernel],
    ['org.criu.checkpoint.cgroup.version', cgroups],
  ];
  const known = values.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value.toWellFormed().slice(0, 1000)] as const]));
  return Object.fromEntries(known.sort(([a], [b]) => (a < b ? -1 : 1)));
}
