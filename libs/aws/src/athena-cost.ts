/** Bytes that a query is billed for at least (Amazon Athena, pricing: 10 MB), and what they are rounded up to. */
const minBilledBytes = 10 * 2 ** 20;
const billedStep = 2 ** 20;

/** Price of a TiB scanned in most regions, in US dollars (Amazon Athena, pricing). */
export const athenaPricePerTiB = 5;

/** What a query costs that scanned so much, in the currency of the price. A query that scans nothing is free. */
export function athenaCost(scannedBytes: number, pricePerTiB: number = athenaPricePerTiB): number {
  if (scannedBytes <= 0) return 0;
  const billed = Math.max(minBilledBytes, Math.ceil(scannedBytes / billedStep) * billedStep);
  return (billed / 2 ** 40) * pricePerTiB;
}
