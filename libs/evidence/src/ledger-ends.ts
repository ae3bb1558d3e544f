import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import { readLedger } from './ledger.ts';
import type { EvidenceVault } from './vault.ts';

const ends = z
  .array(
    z.strictObject({
      captureKey: z.string().min(1).max(1024),
      /** Number of the last entry; 0 where there is none. */
      seq: z.number().int().min(0),
      /** Its hash. */
      head: z.string().regex(/^[0-9a-f]{64}$/).nullable(),
    }),
  )
  .max(1_000_000);

/**
 * Where the ledger of a capture ended. Kept away from the vault, it is what a ledger that was cut together with its heads is
 * found out by.
 */
export type LedgerEnd = z.infer<typeof ends>[number];

/** Where ledgers end now. */
export async function ledgerEnds(vault: EvidenceVault, captures: readonly string[]): Promise<LedgerEnd[]> {
  const found: LedgerEnd[] = [];
  for (const captureKey of captures) {
    const last = (await readLedger(vault, captureKey)).at(-1);
    found.push({ captureKey, seq: last?.seq ?? 0, head: last?.hash ?? null });
  }
  return found;
}

/** The file `heads.json`: of a bundle, or kept by an auditor. */
export function ledgerEndsText(found: readonly LedgerEnd[]): string {
  return `${canonicalJson(found)}\n`;
}

/** Reads such a file. Throws a `SyntaxError` or a `ZodError` where it is none. */
export function parseLedgerEnds(text: string): LedgerEnd[] {
  return ends.parse(JSON.parse(text));
}
