import { s3VaultFromUrl } from '@icecore/aws';
import type { EvidenceVault } from '@icecore/evidence';

/*
 * What talks to AWS stands in a file of its own, which is loaded when it is asked for: the SDK takes longer to start
 * than a triage.
 */

/** The vault at `s3://BUCKET/FOLDER`. */
export function vaultAtUrl(url: string): EvidenceVault {
  return s3VaultFromUrl(url, process.env);
}
