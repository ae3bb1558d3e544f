import { createHash } from 'node:crypto';
import type { Access } from '@icecore/local';
import type { Hunt } from '@icecore/hunts';
import type { Table } from '@icecore/lake';
import type { SecretKey } from '@icecore/secrets';
import { recordsOf } from './answer.ts';
import type { CostInfo, SpentInfo } from '../contract/answers.ts';
import type { CaseFile } from './case-file.ts';
import { RequestError } from './errors.ts';
import type { HeldVault } from './holds.ts';
import type { LakeReader } from './lake.ts';
import type { ArchiveFacts, EvidenceShelf, OpenedEvidence } from './shelf.ts';
import type { Source } from './sources.ts';

/** What a lake in the cloud charges. */
export interface Fleet {
  readonly cost: CostInfo;
  dollars(bytes: number): number;
  /** What was asked and charged so far, questions that failed too. */
  spent(): SpentInfo;
}

/** What the answers are made from. */
export interface ConsoleContext {
  readonly version: string;
  /** Name of who works here. */
  readonly user: string;
  readonly lakeLocation: string;
  readonly archiveFolders: readonly string[];
  readonly lake: LakeReader;
  readonly tables: readonly Table[];
  readonly sources: ReadonlyMap<string, Source>;
  readonly hunts: readonly Hunt[];
  readonly shelf: EvidenceShelf;
  readonly vault: HeldVault | undefined;
  readonly caseFile: CaseFile;
  /** The tenant's key: what marks of secrets are made with. */
  readonly secretKey: SecretKey;
  /** A lake in the cloud, where questions cost; undefined for one on this machine. */
  readonly fleet: Fleet | undefined;
  /** Writes down that somebody takes bytes that are masked elsewhere. */
  recordAccess(access: Access): Promise<void>;
  onDefect(error: Error): void;
}

export async function factsOf({ lake }: ConsoleContext, captureId: string): Promise<ArchiveFacts> {
  const [row] = recordsOf(await lake.query('SELECT archive_sha256, archive_name, archive_bytes FROM captures WHERE capture_id = CAST(? AS varchar)', [captureId]));
  if (row === undefined) throw new RequestError('unknown', `The lake has no capture ${captureId}.`);
  const text = (name: string): string | null => (typeof row[name] === 'string' ? row[name] : null);
  return { captureId, sha256: text('archive_sha256'), name: text('archive_name'), bytes: row['archive_bytes'] === null ? null : Number(row['archive_bytes']) };
}

export async function evidenceOf(context: ConsoleContext, captureId: string): Promise<OpenedEvidence> {
  return context.shelf.open(await factsOf(context, captureId));
}

/** Writes down who takes which bytes, and why, before they leave. */
export async function handOut(context: ConsoleContext, evidence: OpenedEvidence, bytes: Uint8Array<ArrayBuffer>, what: { readonly place: string; readonly reason: string; readonly name: string }): Promise<Response> {
  await context.recordAccess({ at: new Date(), who: context.user, archiveSha256: evidence.place.sha256, place: what.place, length: bytes.length, reason: what.reason });
  return new Response(bytes, {
    headers: { 'Content-Type': 'application/octet-stream', 'Content-Disposition': `attachment; filename="${what.name.replaceAll(/[^\w.-]/g, '_').slice(0, 150)}"`, 'X-Content-Sha256': createHash('sha256').update(bytes).digest('hex') },
  });
}
