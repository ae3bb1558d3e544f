import { athenaClientFor, type AthenaEngine, athenaEngine, s3VaultFromUrl } from '@icecore/aws';
import type { EvidenceVault } from '@icecore/evidence';

/*
 * What talks to AWS stands in a file of its own, which is loaded when it is asked for: the SDK takes longer to start
 * than a triage.
 */

/** The vault at `s3://BUCKET/FOLDER`. */
export function vaultAtUrl(url: string): EvidenceVault {
  return s3VaultFromUrl(url, process.env);
}

/** A query engine in AWS, which tells what each query cost. `limitBytes` is what bounds a query's cost before it ran. */
export function athena(options: { readonly workgroup: string; readonly database: string; readonly onScanned: (bytes: number) => void }): AthenaEngine {
  return athenaEngine({ client: athenaClientFor(process.env), ...options });
}

export { athenaCost, athenaPricePerTiB } from '@icecore/aws';
