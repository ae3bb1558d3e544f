export type { Alert, AlertProcess, AlertSource, AlertTarget, ReadAlerts } from './alert.ts';
export { maxRequestBytes, readAlerts } from './read-alerts.ts';
export { alertOfOrder, captureAnnotation, type CaptureOrder, containerAnnotation, parseTarget } from './request.ts';
export { MalformedAlert, maxJsonDepth } from './exact-json.ts';
export { type Authentication, authenticator, type Credentials, type Proof, replayWindowMs } from './authentication.ts';
export { type FollowUp, maxPolicyCharacters, parsePolicy, type Policy, PolicyError, type PolicyMatch, type PolicyRule, type Retention } from './policy/policy.ts';
export { matchesPattern, mismatch, type TargetFacts } from './policy/match.ts';
export { decide, type Decision, type History, type PlannedCapture, type Reason, type ResolvedPod } from './policy/decide.ts';
export { examplePolicy } from './policy/example.ts';
