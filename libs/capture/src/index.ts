export { type FinalPhase, isFinal, mayFollow, type Phase, phases } from './phase.ts';
export {
  captureApi, captureFinalizer, type Capture, type CaptureCondition, type CaptureFollowUp, captureManifest, captureSchemas, type CaptureSpec, type CaptureStatus, containerKey, type NewCapture, nodeLabel, parseCapture, policyMap, traceAnnotation,
} from './resource.ts';
export { nodeLabelValue } from './node-label.ts';
export { captureResourceDefinition } from './definition.ts';
export { conditionHolds, type ConditionType, withCondition } from './conditions.ts';
export { type ArchiveName, isArchiveOf, parseArchiveName } from './archive-name.ts';
export { type DumpRefusal, readDumpLog } from './dump-log.ts';
export { type CheckpointFault, type CheckpointOutcome, type KubeletReply, readKubeletReply, withDumpLog } from './kubelet-answer.ts';
export { migrationPermissions, type PermissionRule, requiredPermissions, type RolePermissions } from './permissions.ts';
export { bareContainerId, ownerOf, parsePod, type Pod, resolvedPod } from './pod.ts';
export { checkpointsInLastHour, type HistoryItem, historyItem, historyOf } from './history.ts';
export { captureOfFoundArchive, planCaptures, type PlanInput } from './plan.ts';
export { type AlertAnswer, type AlertContext, alertIntake, type IntakePorts, maxPodsOfAlert } from './intake.ts';
export { followUp, type FollowUpPorts, isolatedLabel, needsFollowUp } from './follow-up.ts';
export type { ArchiveFolder, BesideEvidence, CaptureStore, CaptureVault, Kubelet, NodeArchive, NodeLimits, NodePorts, Pods, Sealed, Written } from './ports.ts';
export { defaultNodeLimits } from './ports.ts';
export { type Advance, type CaptureWalk, captureWalk, type OnPhase } from './walk.ts';
export * from './doctor/index.ts';
