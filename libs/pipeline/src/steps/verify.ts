import { createHash } from 'node:crypto';
import { type ByteSource, readAll, readInto } from '@icecore/bytes';
import { type EvidenceVault, type Manifest, maxRecordBytes, objectKeys, parseManifest } from '@icecore/evidence';
import { captureIdOf } from '@icecore/tables';
import type { z } from 'zod';
import { badInput } from '../errors.ts';
import type { stepInputs, VerifyOutput } from '../input.ts';
import type { PipelinePorts, StepCall } from '../ports.ts';
import { hashBlockBytes, resumeSha256 } from '../resumable-sha256.ts';

/**
 * Hashes the archive and holds it against the manifest that was sealed with it. An archive that is larger than one call
 * reads is hashed in parts: the step is entered again with the state that the last one left.
 */
export async function verify(input: z.infer<typeof stepInputs.verify>, ports: PipelinePorts, call: StepCall): Promise<VerifyOutput> {
  await using source = await ports.evidence.source(input.evidence);
  const before = input.verify?.done === false ? input.verify : undefined;
  if (before !== undefined && before.bytes !== source.size) throw badInput(`the archive has ${source.size} bytes, and had ${before.bytes} when its hash was begun`);
  const hashed = await hashFrom(source, before, ports.verifySliceBytes, call);
  if ('state' in hashed) return { done: false, bytes: source.size, ...hashed };
  const { sha256 } = hashed;
  const own = { done: true, bytes: source.size, sha256, captureId: captureIdOf(sha256) } as const;
  if (input.evidence.kind === 'file') return { ...own, manifest: null, sealedAt: null, cluster: input.cluster, node: input.node };
  const { manifest, key, sha256: manifestSha256 } = await readManifest(ports, input.evidence.capture);
  const { archive, where, when } = manifest;
  if (archive.key !== objectKeys.archive(input.evidence.capture)) throw badInput(`${key}: is the manifest of another archive, ${archive.key}`);
  if (archive.bytes !== source.size || archive.sha256 !== sha256) {
    throw badInput(`${archive.key}: is not what was sealed: it has ${source.size} bytes and the SHA-256 ${sha256}, the manifest says ${archive.bytes} bytes and ${archive.sha256}`);
  }
  return { ...own, manifest: { key, sha256: manifestSha256 }, sealedAt: when.sealedAt, cluster: input.cluster ?? where.cluster, node: input.node ?? where.node };
}

type Hashed = { readonly sha256: string } | { readonly offset: number; readonly state: string };

async function hashFrom(source: ByteSource, before: { readonly offset: number; readonly state: string } | undefined, sliceBytes: number, call: StepCall): Promise<Hashed> {
  const from = before?.offset ?? 0;
  const whole = from === 0 && source.size <= sliceBytes;
  const end = Math.min(source.size, from + sliceBytes);
  // What one call can read is hashed by OpenSSL, whose state cannot be put down.
  const native = whole ? createHash('sha256') : undefined;
  const portable = whole ? undefined : resumeSha256(before?.state);
  const lastBlock = end === source.size ? end - (end % hashBlockBytes) : end;
  let rest = new Uint8Array(0);
  const buffer = new Uint8Array(1 << 20);
  for (let at = from; at < end; ) {
    call.signal.throwIfAborted();
    const stop = Math.min(end, at + buffer.length);
    const piece = buffer.subarray(0, stop - at);
    await readInto(source, piece, at);
    native?.update(piece);
    const blocks = Math.min(stop, lastBlock) - at;
    portable?.update(piece.subarray(0, blocks));
    if (blocks < piece.length) rest = piece.slice(blocks);
    at = stop;
    call.progress(at, source.size);
  }
  if (native !== undefined) return { sha256: native.digest('hex') };
  const hash = portable ?? resumeSha256();
  return end < source.size ? { offset: end, state: hash.state() } : { sha256: hash.digest(rest, source.size) };
}

/** The vault and the manifest of a sealed capture. Throws `BadInput` for a manifest that is none. */
export async function readManifest({ custody }: PipelinePorts, capture: string): Promise<{ readonly manifest: Manifest; readonly key: string; readonly sha256: string; readonly vault: EvidenceVault }> {
  if (custody === undefined) throw badInput(`${capture}: there is no vault to read it from`);
  const key = objectKeys.manifest(capture);
  const source = await custody.vault.open(key);
  if (source.size > maxRecordBytes) throw badInput(`${key}: is larger than ${maxRecordBytes} bytes`);
  const bytes = await readAll(source);
  try {
    return { manifest: parseManifest(bytes), key, sha256: createHash('sha256').update(bytes).digest('hex'), vault: custody.vault };
  } catch (error) {
    throw badInput(`${key}: is no manifest: ${error instanceof Error ? error.message.replaceAll(/\s+/g, ' ').slice(0, 300) : String(error)}`, { cause: error });
  }
}
