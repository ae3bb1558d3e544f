/** A container of a cluster that is to go on elsewhere. */
export interface ClusterMove {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Node that it is to run on. */
  readonly to: string;
  /** Repository for the image: `registry.example/moves/web`. */
  readonly repository: string;
  /** Name of the pod that goes on. */
  readonly copy: string;
  /** Seconds that the copy must be ready without a break. */
  readonly steadySeconds: number;
  /** Seconds after which a copy that is not well is taken back. */
  readonly healthSeconds: number;
}

/** One step as a person could do it, and how it is taken back. */
export interface PlannedStep {
  readonly step: string;
  readonly does: string;
  readonly back: string;
}

/** Name of the copy where none is given. */
export function copyNameOf(pod: string): string {
  return `${pod.slice(0, 57).replace(/[^a-z0-9]+$/, '')}-moved`;
}

/** Every request of a migration in a cluster, in order, before any is made. */
export function planClusterMove({ namespace, pod, container, to, repository, copy, steadySeconds, healthSeconds }: ClusterMove): readonly PlannedStep[] {
  const back = `delete pod ${namespace}/${copy}; ${pod} runs on`;
  return [
    { step: 'capture', does: `create a Capture of ${namespace}/${pod}/${container}, and wait until it is sealed in the vault; the source runs on`, back: 'the source was not touched; what was captured stays in the vault' },
    { step: 'image', does: `does the archive fit ${to}; push it to ${repository}, and go on with the digest`, back: 'the source was not touched; the image stays in the registry' },
    { step: 'restore', does: `create pod ${namespace}/${copy} on ${to}, as ${pod} is specified, with the image of ${container} replaced by the digest`, back },
    { step: 'health', does: `wait until ${copy} was ready for ${steadySeconds} s and ${container} was started once; ${healthSeconds} s at most`, back },
    { step: 'stop', does: `delete pod ${namespace}/${pod}, by its uid`, back: `delete pod ${namespace}/${copy}, where ${pod} is found to run on and not to be deleted` },
  ];
}
