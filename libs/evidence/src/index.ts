export type { EvidenceVault, Lock, PutOptions, StoredObject, VaultObject } from './vault.ts';
export { isVaultError, type VaultCode, VaultError } from './errors.ts';
export { maxKeyLength, maxKeyPartLength, requireVaultKey, requireVaultPrefix } from './key.ts';
export { requireExpected, requireLater, requireLiveLock } from './put-rules.ts';
export { memoryVault } from './memory-vault.ts';
export { vaultContract, type VaultContractOptions, type VaultPromise } from './vault-contract.ts';
export { type Checksum, crc64Nvme } from './crc64-nvme.ts';
export { fingerprint, type Fingerprint } from './hashing.ts';
