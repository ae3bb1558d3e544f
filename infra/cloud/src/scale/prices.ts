/**
 * List prices in US dollars, in us-east-1, without free tiers, as AWS published them by the date. Other regions differ by some
 * per cent; what matters is which of them a capture's cost is made of. Each is from the service's page of prices
 * (`priceSources`); written down by hand, and not looked up at every build.
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

/** Where each price is from, and how well it is known: a page of AWS says it, or a second hand. */
export const priceSources: readonly { readonly what: string; readonly price: string; readonly page: string; readonly known: string }[] = [
  { what: 'Lambda, arm64', price: '$0.0000133334 a GiB-second, $0.20 a million requests', page: 'aws.amazon.com/lambda/pricing', known: 'second hand: articles of 2024 that quote the page; for the first 7.5 billion GB-seconds a month' },
  { what: 'Step Functions Standard', price: '$0.025 a thousand transitions', page: 'aws.amazon.com/step-functions/pricing', known: 'the page says so, in a stored copy without a date' },
  { what: 'S3 requests', price: '$0.005 a thousand puts, $0.0004 a thousand gets', page: 'aws.amazon.com/s3/pricing', known: 'second hand: an article of 2020' },
  { what: 'S3 Standard, Glacier Instant Retrieval', price: '$0.023, $0.004 a GiB a month', page: 'aws.amazon.com/s3/pricing', known: 'not looked up' },
  { what: 'Replication between regions, time control', price: '$0.02, $0.015 a GiB', page: 'aws.amazon.com/s3/pricing', known: 'not looked up' },
  { what: 'KMS', price: '$0.03 for ten thousand requests', page: 'aws.amazon.com/kms/pricing', known: 'not looked up' },
  { what: 'CloudTrail data events', price: '$0.10 for a hundred thousand', page: 'aws.amazon.com/cloudtrail/pricing', known: 'not looked up' },
  { what: 'Athena', price: '$5 a TiB scanned, 10 MiB a query at least', page: 'aws.amazon.com/athena/pricing', known: 'second hand: articles that quote the page' },
];
