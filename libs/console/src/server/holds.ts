import { readAll } from '@icecore/bytes';
import { captureIdOfKey, captureOfKey, type CustodyContext, type EvidenceVault, holdCapture, objectKeys, parseManifest, readLedger } from '@icecore/evidence';
import type { HoldsAnswer, HoldState } from '../contract/answers.ts';
import { containerName } from '../contract/container-name.ts';
import { RequestError } from './errors.ts';

/** Most captures of a vault that are listed with their custody. */
const maxCaptures = 500;

/** A vault, and who acts on it. */
export interface HeldVault {
  readonly vault: EvidenceVault;
  context(reason: string): Promise<CustodyContext>;
}

export async function holdsOf(held: HeldVault | undefined): Promise<HoldsAnswer> {
  if (held === undefined) return { vault: null, captures: [] };
  const keys = await capturesIn(held.vault);
  return { vault: held.vault.location, captures: await Promise.all(keys.slice(0, maxCaptures).map((key) => stateOf(held.vault, key))) };
}

export async function setHold(held: HeldVault | undefined, capture: string, on: boolean, reason: string): Promise<HoldState> {
  if (held === undefined) throw new RequestError('refused', 'There is no vault: icecore serve --vault FOLDER opens one.');
  if (captureOfKey(capture) !== capture || !(await capturesIn(held.vault)).includes(capture)) throw new RequestError('unknown', `The vault has no capture ${capture}.`);
  await holdCapture(held.vault, capture, on, await held.context(reason));
  return stateOf(held.vault, capture);
}

async function capturesIn(vault: EvidenceVault): Promise<string[]> {
  const found = new Set<string>();
  for await (const { key } of vault.list('clusters/')) {
    const capture = captureOfKey(key);
    if (capture !== undefined) found.add(capture);
  }
  return [...found];
}

async function stateOf(vault: EvidenceVault, capture: string): Promise<HoldState> {
  const archive = await vault.describe(objectKeys.archive(capture));
  const ledger = await readLedger(vault, capture).catch(() => []);
  const manifest = await readAll(await vault.open(objectKeys.manifest(capture))).then(parseManifest).catch(() => undefined);
  const { namespace = null, pod = null, container = null } = manifest?.where ?? {};
  return {
    capture,
    captureId: captureIdOfKey(capture),
    sha256: manifest?.archive.sha256 ?? null,
    takenAt: manifest?.when.takenAt ?? null,
    where: containerName([namespace, pod, container]),
    lockedUntil: archive?.lock?.retainUntil.toISOString() ?? null,
    held: archive?.lock?.held ?? false,
    sealed: ledger.some(({ action }) => action === 'sealed'),
    custody: ledger.map(({ seq, at, action, actor, reason }) => ({ seq, at, action, by: actor.id, reason })),
  };
}
