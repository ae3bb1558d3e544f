import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { openArchive } from '@icecore/archive';
import type { JsonValue } from '@icecore/criu';
import { type EvidenceVault, objectKeys, parseManifest, sha256OfSource } from '@icecore/evidence';
import { readAll } from '@icecore/bytes';
import { folderSpool } from '@icecore/local';
import { parseRedactionManifest, type RedactionManifest, redactionsOf, type ToldRedactions } from '@icecore/restore';
import { openArchiveFile } from './evidence.ts';
import { shown } from './render/text-table.ts';
import type { Terminal } from './terminal.ts';

/** The manifest that lies beside a redacted copy; it names the copy's own hash, which the one within cannot. */
export function besideOf(path: string): string {
  return `${path}.redaction.json`;
}

export { redactionsOf };

export const noRedactions: ToldRedactions = { manifests: [], faults: [] };

/** What an archive says of its redactions, one line each; empty for one that says nothing of that kind. */
export function redactionLines({ manifests, faults }: ToldRedactions): string[] {
  return [...manifests.map((manifest) => `redacted: a copy of sha256 ${manifest.parent.sha256} without ${removedText(manifest)}`), ...faults.map((fault) => `redacted: ${shown(fault, 300)}`)];
}

function removedText({ removed }: RedactionManifest): string {
  const of = (wanted: string): number => removed.filter(({ kind }) => kind === wanted).length;
  const words = ([['secret', 'secrets'], ['region', 'regions of memory'], ['file', 'files']] as const).flatMap(([kind, many]) => (of(kind) === 0 ? [] : [`${of(kind)} ${of(kind) === 1 ? many.replace(/s\b/, '') : many}`]));
  return words.length === 0 ? 'anything removed' : words.join(', ');
}

/** The same for programs. */
export function redactionsJson({ manifests, faults }: ToldRedactions): { readonly redactions?: JsonValue } {
  if (manifests.length + faults.length === 0) return {};
  return { redactions: [...manifests.map(({ parent, removed }) => ({ parent: { ...parent }, removed: removed.length })), ...faults.map((fault) => ({ fault }))] };
}

/** What a sealed archive says of its redactions; it is opened only where its manifest has such an entry. */
export async function sealedRedactions(vault: EvidenceVault, capture: string): Promise<ToldRedactions> {
  const { entries, archive } = parseManifest(await readAll(await vault.open(objectKeys.manifest(capture))));
  if (!entries.some(({ path }) => /(?:^|\/)icecore\.redaction(?:\.\d+)?\.json$/.test(path))) return noRedactions;
  return redactionsOf(await openArchive(await vault.open(archive.key), { spool: folderSpool() }));
}

/** A redacted copy outside of a vault, held against what it says of itself and what is said beside it. No signature is behind either. */
export interface CheckedCopy {
  readonly holds: boolean;
  readonly sha256: string;
  readonly told: ToldRedactions;
  /** What does not hold. */
  readonly faults: readonly string[];
  /** What could not be looked at. */
  readonly unchecked: readonly string[];
}

export async function checkCopy(path: string, terminal: Terminal): Promise<CheckedCopy> {
  const { file, archive } = await openArchiveFile(path, terminal);
  try {
    const told = await redactionsOf(archive);
    const own = { sha256: await sha256OfSource(file), bytes: file.size };
    const beside = await readFile(besideOf(path), 'utf8').catch(() => undefined);
    const faults = [...told.faults, ...(beside === undefined ? [] : faultsOf(beside, own, told))];
    const unchecked = beside === undefined ? [`whether it is whole: there is no ${besideOf(path)}`] : [];
    return { holds: faults.length === 0, sha256: own.sha256, told, faults, unchecked };
  } finally {
    await file.close();
  }
}

function faultsOf(beside: string, own: NonNullable<RedactionManifest['copy']>, { manifests }: ToldRedactions): string[] {
  let manifest: RedactionManifest;
  try {
    manifest = parseRedactionManifest(JSON.parse(beside));
  } catch {
    return ['what lies beside it is no manifest of a redaction'];
  }
  const { copy, ...said } = manifest;
  const within = manifests.at(-1);
  return [
    ...(copy?.sha256 === own.sha256 && copy.bytes === own.bytes ? [] : [`it is not the copy that is told of beside it, whose sha256 is ${copy?.sha256 ?? 'not said'}`]),
    ...(within !== undefined && isDeepStrictEqual(within, said) ? [] : ['it says something else of itself than is said beside it']),
  ];
}
