/*
 * A program that seals a file as a node's role does: when the vault has it, the node's copy goes.
 * Usage: sealing-child VAULT KEY FILE [PHASE COUNT]. Says each phase when it begins. Kills itself when in PHASE it begins to wait
 * for the COUNTth time. Says at its end how often it waited in each. With ICECORE_JOURNAL it puts, and asks the vault nothing.
 */
import { createHook } from 'node:async_hooks';
import { rmSync, writeSync } from 'node:fs';
import { type ByteSource, readInto, sliceSource } from '@icecore/bytes';
import { type ContainedEntry, type EvidenceVault, hashingSource, objectKeys, sealCapture, type SealInput } from '@icecore/evidence';
import { fileSource, putJournalFolder, signingKeyFile, vaultFolder } from '@icecore/local';

export const lock = { retainUntil: new Date('2099-01-01T00:00:00.000Z'), held: false };
export const capture = 'clusters/local/lab/2026-03-01/c1/';
/** `storing` while the archive is read for the put; `settling` from then on until the vault has it. */
export const phases = ['hashing', 'storing', 'settling', 'recording'] as const;
export type SealingPhase = (typeof phases)[number];
type Environment = Readonly<Record<string, string | undefined>>;

/** The vault at a place. In S3 its parts are as small as S3 allows, so that an upload has many places to be broken off at. */
export async function vaultFor(place: string, env: Environment): Promise<EvidenceVault> {
  if (!place.startsWith('s3://')) return vaultFolder(place);
  const { parseS3Url, s3ClientFor, s3PutOnlyVault, s3Vault } = await import('@icecore/aws');
  const options = { client: s3ClientFor(env), bucket: '', ...parseS3Url(place) };
  const journal = env['ICECORE_JOURNAL'];
  return journal === undefined ? s3Vault(options) : s3PutOnlyVault({ ...options, journal: putJournalFolder(journal) });
}

/** The archive's halves: entries that need no format. */
export function halves(archive: ByteSource): ContainedEntry[] {
  const middle = Math.floor(archive.size / 2);
  return [
    { rawPath: 'pages-1.img', type: 'file', source: sliceSource(archive, 0, middle) },
    { rawPath: 'pages-2.img', type: 'file', source: sliceSource(archive, middle, archive.size) },
  ];
}

/** The source; tells once when its last byte was read. */
function toldAtEnd(source: ByteSource, tell: () => void): ByteSource {
  let told = false;
  const passed = (end: number): void => {
    if (told || end < source.size) return;
    told = true;
    tell();
  };
  return {
    size: source.size,
    async read(start, end) {
      const bytes = await source.read(start, end);
      passed(end);
      return bytes;
    },
    async readInto(target, start) {
      await readInto(source, target, start);
      passed(start + target.length);
    },
  };
}

export async function sealFile(place: string, key: string, path: string, env: Environment, onPhase: (phase: SealingPhase) => void = () => undefined): Promise<void> {
  const file = await fileSource(path);
  const archive = hashingSource(file);
  const input: SealInput = {
    captureId: 'c1',
    archive,
    entries: halves(archive),
    gaps: [],
    side: [{ name: 'pod.json', kind: 'pod specification', bytes: new TextEncoder().encode('{}') }],
    where: { account: 'local', cluster: 'lab', node: 'n1', namespace: null, pod: null, podUid: null, container: null, containerId: null, image: null, imageDigest: null },
    why: { alert: null, policy: null, case: null, reason: null },
    takenAt: new Date('2026-03-01T10:00:00.000Z'),
    timeSource: 'node',
    clockOffsetMs: 0,
    by: 'node role',
    tools: [{ name: 'icecore', version: '0.1.0' }],
    lock,
  };
  const vault = await vaultFor(place, env);
  const signer = await signingKeyFile(key);
  onPhase('hashing');
  const told: EvidenceVault = {
    ...vault,
    async put(name, source, options) {
      if (name !== objectKeys.archive(capture)) return vault.put(name, source, options);
      onPhase('storing');
      return vault.put(name, toldAtEnd(source, () => onPhase('settling')), options).finally(() => onPhase('recording'));
    },
  };
  try {
    await sealCapture(told, signer, () => new Date(), input);
  } finally {
    await file.close();
  }
}

const [place, key, path, killedIn, count] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename && place !== undefined && key !== undefined && path !== undefined) {
  const waits: Record<SealingPhase, number> = { hashing: 0, storing: 0, settling: 0, recording: 0 };
  let phase: SealingPhase | undefined;
  createHook({
    init(_, type) {
      if (type !== 'PROMISE' || phase === undefined) return;
      waits[phase] += 1;
      if (phase === killedIn && waits[phase] === Number(count)) process.kill(process.pid, 'SIGKILL');
    },
  }).enable();
  await sealFile(place, key, path, process.env, (next) => {
    phase = next;
    writeSync(1, `${next}\n`);
  });
  rmSync(path);
  writeSync(1, `${JSON.stringify(waits)}\n`);
  process.exit(0);
}
