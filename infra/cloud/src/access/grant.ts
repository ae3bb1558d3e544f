/** Something that a role may do. */
export interface Grant {
  readonly actions: readonly string[];
  /** ARNs without tokens where they have a wildcard, so that what is acknowledged is what is there. */
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** Why a resource is a wildcard; must be there for one that is, and for no other. */
  readonly because?: string;
}

/** A condition: only by way of a service, as KMS sees it. */
export function through(service: 's3' | 'sqs', region: string): { readonly StringEquals: { readonly 'kms:ViaService': string } } {
  return { StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } };
}
