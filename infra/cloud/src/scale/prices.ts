/**
 * List prices in US dollars, in us-east-1, without free tiers, as AWS published them by the date. Other regions differ by some
 * per cent; what matters is which of them a capture's cost is made of.
 */
export const prices = {
  date: '2025-01',
  /** Lambda on arm64, a gibibyte of memory for a second. */
  lambdaGiBSecond: 0.000_013_333_4,
  lambdaRequest: 0.20 / 1e6,
  /** Step Functions Standard, one transition between states. */
  transition: 0.025 / 1000,
  s3Put: 0.005 / 1000,
  s3Get: 0.0004 / 1000,
  /** S3 Standard, a gibibyte for a month. */
  s3StandardGiBMonth: 0.023,
  /** S3 Glacier Instant Retrieval, a gibibyte for a month. */
  s3ColdGiBMonth: 0.004,
  /** Between regions, a gibibyte. */
  replicationGiB: 0.02,
  replicationTimeControlGiB: 0.015,
  kmsRequest: 0.03 / 10_000,
  /** CloudTrail data events, one. */
  dataEvent: 0.10 / 100_000,
  /** Athena, a tebibyte scanned; ten mebibytes at least for each query. */
  athenaTiB: 5,
} as const;

export type Prices = typeof prices;
