/** What is counted in CloudTrail's events: name of the metric and the pattern of CloudWatch Logs that finds the events. */
export function trailPatterns(vaultBucket: string): Readonly<Record<string, string>> {
  const ofVault = `($.requestParameters.bucketName = "${vaultBucket}")`;
  const any = (field: string, names: readonly string[]): string => `(${names.map((name) => `($.${field} = "${name}")`).join(' || ')})`;
  const settings = ['PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketObjectLockConfiguration', 'PutObjectLockConfiguration', 'PutBucketVersioning', 'PutBucketLifecycle', 'PutBucketLifecycleConfiguration', 'PutBucketEncryption', 'DeleteBucketEncryption', 'PutBucketReplication', 'DeleteBucketReplication', 'PutBucketPublicAccessBlock', 'DeleteBucketPublicAccessBlock', 'DeleteBucket'];
  const attempts = ['DeleteObject', 'DeleteObjects', 'DeleteObjectVersion', 'PutObjectRetention', 'PutObjectAcl'];
  return {
    // A change that a keeper makes counts too: between deployments there should be none.
    EvidenceAttacked: `{ ${ofVault} && (${any('eventName', settings)} || (${any('eventName', attempts)} && ($.errorCode = "*"))) }`,
    KeyThreatened: `{ ($.eventSource = "kms.amazonaws.com") && ${any('eventName', ['ScheduleKeyDeletion', 'DisableKey', 'DisableKeyRotation', 'PutKeyPolicy', 'DeleteImportedKeyMaterial'])} }`,
    RecordStopped: `{ ($.eventSource = "cloudtrail.amazonaws.com") && ${any('eventName', ['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors'])} }`,
  };
}
