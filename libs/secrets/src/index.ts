export type { Secret, SecretKey, SecretMatch, SecretValidity } from './secret.ts';
export { minSecretKeyBytes, secretKey } from './secret-key.ts';
export { maxSecretLength, maxSecretReach, secretAnchors, secretRules } from './rules.ts';
export { holdsAnchor } from './anchors.ts';
export { describeSecret, findSecrets, type FoundSecret, matchSecrets, type SecretGroup, secretGroups, secretsAt } from './match.ts';
export { knownSecrets, type NamedSecret, redact, redactArguments, redactAssignment, redactKnown, redactVariable } from './redact.ts';
export { isSecretName } from './secret-name.ts';
export { type ByteRange, holdsSecret, maskBytes, secretRanges } from './mask-bytes.ts';
export { entropyOf, isPlaceholder } from './entropy.ts';
