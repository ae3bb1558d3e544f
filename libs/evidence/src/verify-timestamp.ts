import { sha256Hex } from './hashing.ts';
import { objectKeys } from './layout.ts';
import { readRecord } from './ledger.ts';
import type { CustodyEntry } from './ledger-entry.ts';
import type { Manifest } from './manifest.ts';
import { checkTimestamp } from './timestamp.ts';
import { reasonOf, type Verification } from './verify.ts';

/** Clocks that differ by less are taken to be the same, in milliseconds. */
const clockToleranceMs = 5 * 60_000;

/** Checks the manifest's time stamp, where it was sealed with one. Gives the moments that authorities stand for. */
export async function verifyTimestamp({ vault, capture, trust, fault, unchecked }: Verification, ledger: readonly CustodyEntry[], read: { manifest: Manifest; bytes: Uint8Array } | undefined): Promise<string[]> {
  const key = objectKeys.timestamp(capture);
  const sealed = ledger.find(({ action }) => action === 'sealed');
  const subject = sealed?.subjects.find((each) => each.key === key);
  let response: Uint8Array | undefined;
  try {
    response = await readRecord(vault, key);
  } catch (error) {
    fault(key, reasonOf(error));
    return [];
  }
  if (subject === undefined) return [];
  if (response === undefined) fault(key, 'is missing, and the capture was sealed with it');
  else if (sha256Hex(response) !== subject.sha256) fault(key, 'is not the time stamp that the capture was sealed with');
  else if (trust.timestampAuthorities.length === 0) unchecked(`${key}: no time stamp authority is trusted`);
  else if (read !== undefined) {
    const checked = await checkTimestamp(response, read.bytes, trust.timestampAuthorities);
    if (!checked.holds) fault(key, checked.reason);
    else if (checked.at.getTime() < Date.parse(read.manifest.when.takenAt) - clockToleranceMs) fault(key, `is of ${checked.at.toISOString()}, before the capture was taken`);
    else return [checked.at.toISOString()];
  }
  return [];
}
