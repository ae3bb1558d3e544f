export { fileSource, type FileSource } from './file-source.ts';
export { folderSpool, type FolderSpoolOptions } from './spool.ts';
export { lakeFolder } from './lake-folder.ts';
export { duckdbEngine, type DuckdbEngineOptions } from './duckdb-engine.ts';
export { extractionFolder, type Extracted, type ExtractionFolder } from './extraction-folder.ts';
export { knownSecretKey, secretKeyFile } from './secret-key-file.ts';
export { type Access, recordAccess } from './access-log.ts';
export { vaultFolder } from './vault-folder.ts';
export { signingKeyFile } from './signing-key-file.ts';
