/** How long the API may be away before the role does not count as ready, in milliseconds. */
const readyWithinMs = 60_000;

/** How the watch of captures stands. */
export interface WatchState {
  /** All captures that there were are known. */
  readonly listed: boolean;
  onHeard(): void;
  onListed(): void;
  onTrouble(): void;
  /** Why the role cannot work by it; empty where it can. */
  faults(): readonly string[];
}

export function watchState(now: () => number): WatchState {
  let listed = false;
  let troubledSince: number | undefined;
  return {
    get listed() {
      return listed;
    },
    onHeard: () => void (troubledSince = undefined),
    onListed() {
      listed = true;
      troubledSince = undefined;
    },
    onTrouble: () => void (troubledSince ??= now()),
    faults: () => [...(listed ? [] : ['captures are not listed yet']), ...(troubledSince !== undefined && now() - troubledSince > readyWithinMs ? ['the Kubernetes API does not answer'] : [])],
  };
}
