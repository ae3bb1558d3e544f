export type { EvidenceVault, Lock, PutOptions, StoredObject, VaultObject } from './vault.ts';
export { isVaultError, type VaultCode, VaultError } from './errors.ts';
