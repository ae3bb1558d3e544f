/** The Kubernetes API did not do what it was asked to. */
export class KubernetesError extends Error {
  override readonly name = 'KubernetesError';
  /** Status of the answer; undefined where there was none. */
  readonly status: number | undefined;
  /** The API's own word: `NotFound`, `AlreadyExists`, `Conflict`, `Expired`. */
  readonly reason: string;

  constructor(status: number | undefined, reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.reason = reason;
  }
}

export function isKubernetesError(error: unknown, ...reasons: readonly string[]): error is KubernetesError {
  return error instanceof Error && error.name === 'KubernetesError' && 'reason' in error && (reasons.length === 0 || reasons.includes(String(error.reason)));
}
