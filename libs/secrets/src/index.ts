export type { Secret, SecretKey, SecretMatch, SecretValidity } from './secret.ts';
