import { VaultError } from './errors.ts';
import { requireVaultKey } from './key.ts';

/** Account of captures that were sealed outside of any cloud. */
export const localAccount = 'local';

/** Where a capture lies. Names are made safe by `safeName` before. */
export interface CapturePlace {
  readonly account: string;
  readonly cluster: string;
  /** When the capture was taken; the day in UTC is part of the key. */
  readonly takenAt: Date;
  readonly captureId: string;
}

/** Key prefix of a capture, with a slash at its end. A cluster may write below its own `clusters/<account>/<cluster>/` only. */
export function captureKey({ account, cluster, takenAt, captureId }: CapturePlace): string {
  const key = `clusters/${account}/${cluster}/${takenAt.toISOString().slice(0, 10)}/${captureId}/`;
  requireVaultKey(key.slice(0, -1));
  if (captureOfKey(key) !== key || key.split('/').length !== 6) throw new VaultError('refused', key, 'is no safe key: a name in it has a slash');
  return key;
}

/** What lies where below a capture's key. */
export const objectKeys = {
  archive: (capture: string) => `${capture}archive.tar`,
  manifest: (capture: string) => `${capture}manifest.json`,
  entry: (capture: string, seq: number) => `${capture}ledger/${padded(seq)}.json`,
  head: (capture: string, seq: number) => `${capture}heads/${padded(seq)}.json`,
  timestamp: (capture: string) => `${capture}timestamps/manifest.tsr`,
  side: (capture: string, name: string) => requireVaultKey(`${capture}side/${name}`),
  derived: (capture: string, name: string) => requireVaultKey(`${capture}derived/${name}`),
} as const;

const capturePattern = /^clusters\/([^/]+)\/([^/]+)\/(\d{4}-\d{2}-\d{2})\/([^/]+)\//;

/** The capture that an object belongs to; undefined for an object of none. */
export function captureOfKey(key: string): string | undefined {
  return capturePattern.exec(key)?.[0];
}

/** The capture's id, the last part of its key. Throws a `VaultError` (`refused`) for another key. */
export function captureIdOfKey(capture: string): string {
  const id = capturePattern.exec(capture)?.[4];
  if (id === undefined || captureOfKey(capture) !== capture) throw new VaultError('refused', capture, 'is not the key of a capture');
  return id;
}

/** A name that may be part of a key: what is not allowed becomes a dash, and an empty name `unknown`. */
export function safeName(name: string): string {
  const safe = name.replaceAll(/[^A-Za-z0-9._=-]/g, '-').replace(/^\.+/, '').slice(0, 100);
  return safe === '' ? 'unknown' : safe;
}

function padded(seq: number): string {
  return String(seq).padStart(8, '0');
}
