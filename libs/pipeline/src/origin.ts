import { basename } from 'node:path';
import { objectKeys } from '@icecore/evidence';
import type { CaptureOrigin } from '@icecore/tables';
import type { EvidenceReference, InventoryOutput, Verified } from './input.ts';

/** Where a capture comes from, as its tables tell it. */
export function originOf({ evidence, verify, inventory }: { readonly evidence: EvidenceReference; readonly verify: Verified; readonly inventory: InventoryOutput }): CaptureOrigin {
  return {
    ...(verify.cluster === null ? {} : { cluster: verify.cluster }),
    ...(verify.node === null ? {} : { node: verify.node }),
    archiveSha256: verify.sha256,
    archiveBytes: verify.bytes,
    compression: inventory.compression,
    archiveName: basename(evidence.kind === 'file' ? evidence.archive : objectKeys.archive(evidence.capture)),
  };
}
