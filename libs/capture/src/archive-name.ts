/** What the kubelet calls an archive: `checkpoint-POD_NAMESPACE-CONTAINER-TIME.tar` (KEP-2008), time by the node's clock, in seconds. */
export interface ArchiveName {
  readonly pod: string;
  /** Namespace and container, joined by a dash; both may have dashes of their own. */
  readonly rest: string;
  readonly takenAt: Date;
}

const form = /^checkpoint-([a-z0-9.-]+)_([a-z0-9-]+)-(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2}))\.tar$/;

/** Undefined for a file that is no kubelet's archive. */
export function parseArchiveName(name: string): ArchiveName | undefined {
  const [, pod, rest, time] = form.exec(name) ?? [];
  if (pod === undefined || rest === undefined || time === undefined) return undefined;
  const takenAt = new Date(time);
  return Number.isNaN(takenAt.getTime()) ? undefined : { pod, rest, takenAt };
}

/** True where the archive is one of this container, taken at `since` or later; seconds count, as the name has no less. */
export function isArchiveOf(name: string, target: { readonly namespace: string; readonly pod: string; readonly container: string }, since: Date): boolean {
  const parsed = parseArchiveName(name);
  if (parsed === undefined || parsed.pod !== target.pod || parsed.rest !== `${target.namespace}-${target.container}`) return false;
  return parsed.takenAt.getTime() >= Math.floor(since.getTime() / 1000) * 1000;
}
