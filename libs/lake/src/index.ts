export {
  bigint,
  boolean,
  type Column,
  type Columns,
  double,
  integer,
  json,
  type JsonValue,
  nullable,
  type PlainColumn,
  type PlainKind,
  structList,
  type StructListColumn,
  text,
  textList,
  timestamp,
  type ValueOf,
  type ValuesOf,
} from './column.ts';
export {
  address,
  type AddressColumns,
  addressHex,
  addressValues,
  nullableAddress,
  type NullableAddressColumns,
  nullableAddressValues,
  signedOrNull,
} from './address.ts';
export { firstMoment, lastMoment, momentOrNull } from './moment.ts';
export { maxJsonDepth } from './json-text.ts';
export { maxTextLength } from './stored-value.ts';
export { type CaptureRow, defineTable, type LeadingColumns, type RowOf, type Table, type TableDefinition } from './table.ts';
export { captureColumns } from './capture-columns.ts';
export { encodeParquet, writeParquet, type WrittenParquet } from './parquet.ts';
export { rowGroupLimits, type RowGroupLimits } from './parquet-file.ts';
export { layoutFolder, layoutVersion } from './layout.ts';
export { maxPartCount, parsePartPath, type Part, partitionDate, partPath, requireSafeName, tableFolder } from './partition.ts';
export { maxPathLength, requireLakePath } from './path.ts';
export { athenaTable, type AthenaTableOptions, athenaTableProperties, athenaView, partsColumns, partsTable } from './athena-ddl.ts';
export { duckdbCompactions, duckdbView, type DuckdbViewOptions } from './duckdb-view.ts';
export { trinoMacros } from './trino-macros.ts';
export { asJson } from './nested-values.ts';
export { athenaType, duckdbType, trinoType } from './kinds.ts';
export type {
  LakeStore,
  QueryColumn,
  QueryEngine,
  QueryOptions,
  QueryParameter,
  QueryResult,
  QueryValue,
  StoredPart,
} from './ports.ts';
export { memoryLake } from './memory-lake.ts';
export { storeContract, type StorePromise } from './store-contract.ts';
export { isLakeError, type LakeCode, LakeError } from './errors.ts';
export { compactLake, type CompactOptions, type CompactReport } from './compaction/compact-lake.ts';
export { compactionLimits, type CompactionLimits } from './compaction/plan.ts';
export { compactionColumn, compactionsTable } from './compaction/compactions-table.ts';
export { openPart } from './compaction/open-part.ts';
export { partOfCapture } from './compaction/compacted-part.ts';
export { countingOf, isCompacted, lakeDays } from './compaction/lake-days.ts';
