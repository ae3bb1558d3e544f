export { s3Vault, type S3VaultOptions } from './s3-vault.ts';
export { s3Source, type S3SourceOptions } from './s3-source.ts';
export { s3LakeStore, type S3LakeOptions } from './s3-lake-store.ts';
export { kmsSigner, kmsSignerFor, type KmsSignerOptions } from './kms-signer.ts';
export { parseS3Url, s3ClientFor, s3LakeFromUrl, s3VaultFromUrl } from './s3-url.ts';
export { combineCrc64 } from './crc64-combine.ts';
export { type MessageHandler, receiveMessages } from './sqs-queue.ts';
