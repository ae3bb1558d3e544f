/** A container of a cluster that is to go on elsewhere. */
export interface ClusterMove {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Node that it is to run on. */
  readonly to: string;
  /** Repository for the image: `registry.example/moves/web`. */
  readonly repository: string;
}

/** One step as a person could do it, and how it is taken back. */
export interface PlannedStep {
  readonly step: string;
  readonly does: string;
  readonly back: string;
}

/** Every request of a migration in a cluster, in order, before any is made. */
export function planClusterMove({ namespace, pod, container, to, repository }: ClusterMove): readonly PlannedStep[] {
  const copy = `${pod}-moved`.slice(0, 63).replace(/-+$/, '');
  return [
    { step: 'check', does: `icecore restore plan of the capture against node ${to}: ends here where it does not fit`, back: 'nothing was done' },
    { step: 'capture', does: `POST /api/v1/nodes/{node of ${pod}}/proxy/checkpoint/${namespace}/${pod}/${container}; the source runs on`, back: 'the source was not touched; the archive stays on its node' },
    { step: 'image', does: `push the archive to ${repository}, and go on with the digest`, back: 'the source was not touched; the image stays in the registry' },
    { step: 'restore', does: `create pod ${namespace}/${copy} on ${to}, as ${pod} is specified, with the image of ${container} replaced by the digest`, back: `delete pod ${namespace}/${copy}` },
    { step: 'health', does: `wait until ${copy} is Ready and its restore is not followed by a restart`, back: `delete pod ${namespace}/${copy}` },
    { step: 'stop', does: `delete pod ${namespace}/${pod}; a controller that owns it must be scaled down first, or it makes another`, back: `delete pod ${namespace}/${copy}, where ${pod} is found to run on` },
  ];
}
