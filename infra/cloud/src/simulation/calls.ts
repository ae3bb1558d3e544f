import type { Cloud } from './cloud.ts';
import { type Caller, decide, type Decision, type Request } from './evaluate.ts';

/** How a call of S3 comes in. */
export interface Transport {
  readonly secure?: boolean;
  readonly tlsVersion?: number;
}

/** The headers of a put that policies look at. */
export interface PutHeaders extends Transport {
  /** `*` where the put must not overwrite. */
  readonly ifNoneMatch?: '*';
  readonly lock?: { readonly mode: 'COMPLIANCE' | 'GOVERNANCE'; readonly days: number };
  readonly hold?: 'ON' | 'OFF';
  /** What the request says of encryption; the bucket's default where it says nothing. */
  readonly encryption?: { readonly kmsKey: string } | 'AES256';
}

/**
 * What S3 asks IAM and KMS when it gets a call: one call can take several permissions (S3 user guide, "Required
 * permissions for Amazon S3 API operations"; KMS developer guide, "How Amazon S3 uses KMS").
 */
export class S3Calls {
  private readonly cloud: Cloud;
  private readonly caller: Caller;
  /** ARN. */
  private readonly bucket: string;

  constructor(cloud: Cloud, caller: Caller, bucket: string) {
    this.cloud = cloud;
    this.caller = caller;
    this.bucket = bucket;
  }

  /** PutObject; a lock and a hold that come with it need permissions of their own. */
  put(key: string, headers: PutHeaders = {}): Decision {
    const context = { ...putContext(headers), 's3:ObjectCreationOperation': 'true' };
    return first([...this.putting(key, context, headers), ...this.encrypting(key, headers, ['kms:GenerateDataKey'])]);
  }

  /** An upload in parts from its beginning to its end: each of its requests. */
  putInParts(key: string, headers: PutHeaders = {}): Decision {
    const { ifNoneMatch, ...begin } = headers;
    const transport = transportContext(headers);
    return first([
      ...this.putting(key, { ...putContext(begin), 's3:ObjectCreationOperation': 'false' }, headers),
      this.object('s3:PutObject', key, { ...transport, 's3:ObjectCreationOperation': 'false' }),
      this.object('s3:PutObject', key, { ...transport, 's3:ObjectCreationOperation': 'true', 's3:if-none-match': ifNoneMatch }),
      ...this.encrypting(key, headers, ['kms:GenerateDataKey', 'kms:Decrypt']),
    ]);
  }

  /** GetObject, of a version where one is named. */
  get(key: string, { version = true, ...transport }: Transport & { readonly version?: boolean } = {}): Decision {
    return first([this.object(version ? 's3:GetObjectVersion' : 's3:GetObject', key, transportContext(transport)), ...this.encrypting(key, {}, ['kms:Decrypt'])]);
  }

  list(prefix: string, transport: Transport = {}): Decision {
    return this.ask(this.bucket, 's3:ListBucket', { ...transportContext(transport), 's3:prefix': prefix });
  }

  listVersions(prefix: string, transport: Transport = {}): Decision {
    return this.ask(this.bucket, 's3:ListBucketVersions', { ...transportContext(transport), 's3:prefix': prefix });
  }

  /** PutObjectRetention. */
  retain(key: string, lock: { readonly mode: 'COMPLIANCE' | 'GOVERNANCE'; readonly days: number }): Decision {
    return this.object('s3:PutObjectRetention', key, { ...transportContext({}), ...lockContext(lock) });
  }

  /** PutObjectLegalHold. */
  hold(key: string, status: 'ON' | 'OFF'): Decision {
    return this.object('s3:PutObjectLegalHold', key, { ...transportContext({}), 's3:object-lock-legal-hold': status });
  }

  /** Any other action on an object. */
  object(action: string, key: string, context: Request['context'] = transportContext({})): Decision {
    return this.ask(`${this.bucket}/${key}`, action, context);
  }

  /** Any other action on the bucket itself. */
  settings(action: string): Decision {
    return this.ask(this.bucket, action, transportContext({}));
  }

  private putting(key: string, context: Request['context'], { lock, hold }: PutHeaders): Decision[] {
    return [
      this.object('s3:PutObject', key, context),
      ...(lock === undefined ? [] : [this.object('s3:PutObjectRetention', key, context)]),
      ...(hold === undefined ? [] : [this.object('s3:PutObjectLegalHold', key, context)]),
    ];
  }

  private encrypting(key: string, { encryption }: PutHeaders, actions: readonly string[]): Decision[] {
    if (encryption === 'AES256') return [];
    const keyArn = encryption?.kmsKey ?? this.cloud.guardedBy(this.bucket).defaultKey;
    if (keyArn === undefined) return [];
    const { account, region, policy } = this.cloud.guardedBy(keyArn);
    // Of a bucket that has a bucket key, KMS hears of the bucket; of another, of the object.
    return actions.flatMap((action) =>
      [this.bucket, `${this.bucket}/${key}`].map((arn) =>
        decide(this.caller, { action, resource: keyArn, owner: account, resourcePolicy: policy, context: { 'kms:ViaService': `s3.${region}.amazonaws.com`, 'kms:EncryptionContext:aws:s3:arn': arn } }),
      ),
    );
  }

  private ask(resource: string, action: string, context: Request['context']): Decision {
    const { account, policy } = this.cloud.guardedBy(this.bucket);
    return decide(this.caller, { action, resource, owner: account, context, resourcePolicy: policy });
  }
}

/** An action on a key, by the caller itself rather than through a service. */
export function useKey(cloud: Cloud, caller: Caller, key: string, action: string, context: Request['context'] = {}): Decision {
  const { account, policy } = cloud.guardedBy(key);
  return decide(caller, { action, resource: key, owner: account, resourcePolicy: policy, context });
}

/** The first refusal; where there is none, the first answer. */
function first(decisions: readonly Decision[]): Decision {
  return decisions.find(({ allowed }) => !allowed) ?? decisions[0] ?? { allowed: false, because: 'nothing was asked' };
}

function transportContext({ secure = true, tlsVersion = 1.3 }: Transport): Request['context'] {
  return { 'aws:SecureTransport': String(secure), ...(secure ? { 's3:TlsVersion': String(tlsVersion) } : {}) };
}

function lockContext({ mode, days }: { readonly mode: string; readonly days: number }): Request['context'] {
  return { 's3:object-lock-mode': mode, 's3:object-lock-remaining-retention-days': String(days) };
}

function putContext({ ifNoneMatch, lock, hold, encryption, ...transport }: PutHeaders): Request['context'] {
  return {
    ...transportContext(transport),
    's3:if-none-match': ifNoneMatch,
    ...(lock === undefined ? {} : lockContext(lock)),
    's3:object-lock-legal-hold': hold,
    's3:x-amz-server-side-encryption': encryption === undefined ? undefined : encryption === 'AES256' ? 'AES256' : 'aws:kms',
    's3:x-amz-server-side-encryption-aws-kms-key-id': typeof encryption === 'object' ? encryption.kmsKey : undefined,
  };
}
