/**
 * The keys of a request that policies here may ask for. A policy that asks for another is an error: a key that is
 * misspelt would be one that is never there, and a condition on it one that never holds or always does.
 */
const keys = [
  ...['aws:PrincipalAccount', 'aws:PrincipalArn', 'aws:SecureTransport', 'aws:SourceAccount', 'aws:SourceArn'],
  ...['s3:TlsVersion', 's3:prefix', 's3:if-none-match', 's3:ObjectCreationOperation', 's3:object-lock-mode', 's3:object-lock-remaining-retention-days', 's3:object-lock-legal-hold'],
  ...['s3:x-amz-server-side-encryption', 's3:x-amz-server-side-encryption-aws-kms-key-id'],
  ...['kms:ViaService', 'kms:EncryptionContext:aws:s3:arn', 'kms:EncryptionContext:aws:logs:arn', 'kms:EncryptionContext:aws:lambda:FunctionArn'],
];
/** Families of keys, each with a name of its own behind the prefix. */
const families = ['aws:PrincipalTag/', 'aws:RequestTag/'];
const lower = new Set(keys.map((key) => key.toLowerCase()));

/** What a request tells of itself. Names of keys are the same in small and large letters. */
export class RequestContext {
  private readonly values: ReadonlyMap<string, string>;

  constructor(values: Readonly<Record<string, string | undefined>>) {
    this.values = new Map(Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[requireKnown(key), value] as const])));
  }

  /** Undefined where the request has no such key. Throws for a key that no request here can have. */
  get(key: string): string | undefined {
    return this.values.get(requireKnown(key));
  }
}

function requireKnown(key: string): string {
  const small = key.toLowerCase();
  if (lower.has(small) || families.some((family) => small.startsWith(family.toLowerCase()) && small.length > family.length) || /^[a-z0-9.-]+(\/[a-z0-9._-]+)*:(aud|sub)$/.test(small)) return small;
  throw new Error(`a policy or request has the key ${key}, which is not simulated`);
}
