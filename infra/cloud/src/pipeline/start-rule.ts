import type { EventPattern } from 'aws-cdk-lib/aws-events';

/**
 * The events of a vault that begin an analysis: a manifest was stored, which is the last of a sealing but for its
 * ledger. The key is only roughly matched here; the function that is called holds it against the layout.
 */
export function manifestStored(bucket: string): EventPattern {
  return {
    source: ['aws.s3'],
    detailType: ['Object Created'],
    detail: { bucket: { name: [bucket] }, object: { key: [{ wildcard: 'clusters/*/manifest.json' }] }, reason: ['PutObject', 'CompleteMultipartUpload'] },
  };
}
