/** What raised an alert. */
export type AlertSource = 'falco' | 'guardduty' | 'alertmanager' | 'tetragon' | 'tracee' | 'kubernetes_audit' | 'annotation' | 'operator';

/**
 * What an alert points at, as far as it says. Names are checked to be names that Kubernetes allows; whether such a pod
 * is there, and is still the one that was meant, only the cluster can tell.
 */
export interface AlertTarget {
  readonly namespace: string;
  /** Undefined where the alert names a workload, and not one of its pods. */
  readonly pod: string | undefined;
  readonly podUid: string | undefined;
  /** Undefined: the container that `containerId` names, or all of the pod's. */
  readonly container: string | undefined;
  /** Lower-case hex, at least 12 digits, without the runtime's prefix; Falco gives the first 12. */
  readonly containerId: string | undefined;
  readonly workload: { readonly kind: string; readonly name: string } | undefined;
  readonly node: string | undefined;
}

/** The process that an alert is about. The pid is the node's own, unless `namespacePid` says what the container saw. */
export interface AlertProcess {
  readonly pid: number | undefined;
  readonly namespacePid: number | undefined;
  readonly executable: string | undefined;
  readonly commandLine: string | undefined;
}

/** An alert of any source in one form. */
export interface Alert {
  /**
   * Names what happened and not the message: the same event, delivered twice or through two paths, has the same id.
   * First 32 hex digits of a SHA-256.
   */
  readonly id: string;
  readonly source: AlertSource;
  /** Name of the rule, finding type or alert that fired. */
  readonly rule: string;
  /** 0 to 100; undefined where the source grades nothing. */
  readonly severity: number | undefined;
  /** The source's own word: `Critical`, `warning`, `5`. */
  readonly priority: string | undefined;
  /** When the source saw it; undefined where it does not say. */
  readonly observedAt: Date | undefined;
  readonly cluster: string | undefined;
  readonly target: AlertTarget;
  readonly process: AlertProcess | undefined;
  /** The other end of a connection: `203.0.113.77:4444`. */
  readonly peer: string | undefined;
  readonly image: string | undefined;
  /** ATT&CK technique ids that the source names, as it names them. */
  readonly techniques: readonly string[];
  /** The source's tags, ascending. */
  readonly tags: readonly string[];
  /** Every plain field of the source by name, values as text; for policies to match on. */
  readonly fields: Readonly<Record<string, string>>;
  /** The source cut long fields, so that command lines and the like may end early. */
  readonly truncated: boolean;
}

/** What became of a request with alerts. */
export type ReadAlerts =
  | {
      readonly outcome: 'read';
      readonly alerts: readonly Alert[];
      /** What was sound and calls for no capture, each with the reason: a resolved alert, a test rule. */
      readonly ignored: readonly string[];
      /** SHA-256 of the request's bytes, lower-case hex. */
      readonly sha256: string;
    }
  | { readonly outcome: 'refused'; readonly status: 400 | 413 | 415 | 422; readonly reason: string };
