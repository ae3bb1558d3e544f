export type { Secret, SecretKey, SecretMatch, SecretValidity } from './secret.ts';
export { minSecretKeyBytes, secretKey } from './secret-key.ts';
export { maxSecretLength, maxSecretReach, secretAnchors, secretRules } from './rules.ts';
export { describeSecret, findSecrets, type FoundSecret, matchSecrets, secretsAt } from './match.ts';
export { isSecretName, type NamedSecret, redact, redactAssignment, redactVariable } from './redact.ts';
export { entropyOf, isPlaceholder } from './entropy.ts';
