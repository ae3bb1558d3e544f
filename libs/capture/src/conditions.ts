import type { Capture, CaptureCondition } from './resource.ts';

/** What is told of a capture beside its phase, as Kubernetes' tools wait for it: `kubectl wait --for=condition=Sealed`. */
export type ConditionType = 'Checkpointed' | 'Sealed' | 'NodeCopyRemoved' | 'Finished';

/** Conditions with one set anew; its time changes only with its status. */
export function withCondition(conditions: readonly CaptureCondition[] | undefined, type: ConditionType, value: { readonly holds: boolean; readonly reason: string; readonly message: string; readonly at: string; readonly generation?: number | undefined }): CaptureCondition[] {
  const before = conditions?.find((each) => each.type === type);
  const status = value.holds ? 'True' : 'False';
  const set: CaptureCondition = {
    type,
    status,
    reason: value.reason,
    message: value.message.slice(0, 2000),
    lastTransitionTime: before?.status === status ? before.lastTransitionTime : value.at,
    ...(value.generation === undefined ? {} : { observedGeneration: value.generation }),
  };
  return [...(conditions ?? []).filter((each) => each.type !== type), set];
}

export function conditionHolds({ status }: Pick<Capture, 'status'>, type: ConditionType): boolean {
  return status.conditions?.some((each) => each.type === type && each.status === 'True') === true;
}
