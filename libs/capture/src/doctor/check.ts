/** What is looked at before a capture can succeed. */
export const checkNames = ['role', 'kubelet', 'gate', 'runtime', 'criu', 'tcp-established', 'disk', 'rbac', 'vault', 'clock'] as const;
export type CheckName = (typeof checkNames)[number];

/** What a check came to. What could not be seen from where one stands is neither good nor bad. */
export type Check =
  | { readonly check: CheckName; readonly state: 'good'; readonly says: string }
  | { readonly check: CheckName; readonly state: 'bad'; readonly says: string; readonly remedy: string }
  | { readonly check: CheckName; readonly state: 'unseen'; readonly says: string; readonly remedy: string };

export const good = (check: CheckName, says: string): Check => ({ check, state: 'good', says });
export const bad = (check: CheckName, says: string, remedy: string): Check => ({ check, state: 'bad', says, remedy });
/** `remedy` tells how it can be seen. */
export const unseen = (check: CheckName, says: string, remedy: string): Check => ({ check, state: 'unseen', says: `not seen: ${says}`, remedy });

/** One node, or the cluster as a whole, with its checks in the order of `checkNames`. */
export interface Examined {
  readonly name: string;
  readonly checks: readonly Check[];
}

/** A version's first numbers: `v1.36.0-eks-1` as [1, 36, 0]; undefined for what is no version. */
export function versionOf(text: string): readonly [number, number, number] | undefined {
  const [, major, minor, patch = '0'] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

export function isAtLeast(version: readonly [number, number, number], major: number, minor: number): boolean {
  return version[0] > major || (version[0] === major && version[1] >= minor);
}
