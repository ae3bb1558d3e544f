import { basename } from 'node:path';
import { defaultRetention, localAccount, type Lock, retentionOf, safeName, sealCapture, type SealInput } from '@icecore/evidence';
import { fileSource, timestampAuthority } from '@icecore/local';
import { formatBytes, type Gap, isDamageError } from '@icecore/bytes';
import { captureIdOf } from '@icecore/tables';
import type { ContainerIdentity } from '@icecore/snapshot';
import { command, UsageError } from '../command.ts';
import { openEvidence } from '../evidence.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { sha256Of } from '../hash.ts';
import type { Terminal } from '../terminal.ts';
import { actor, openSigner, openVault, tool, vaultOptions } from '../vault.ts';
import { archivesIn } from './list.ts';

const dayMs = 86_400_000;

/** `icecore seal`: archives into the vault. */
export const seal = command({
  name: 'seal',
  summary: 'Put archives into the vault: hashed, locked, with a manifest and a signed ledger.',
  arguments: 'ARCHIVE|FOLDER…',
  count: [1, 1000],
  options: {
    ...vaultOptions,
    cluster: { type: 'string', value: 'NAME', summary: 'cluster it was taken in (default lab)' },
    node: { type: 'string', value: 'NAME', summary: 'node it was taken on' },
    reason: { type: 'string', value: 'TEXT', summary: 'why it was taken' },
    case: { type: 'string', value: 'NAME', summary: 'case it belongs to; it is held until `evidence release`' },
    days: { type: 'string', value: 'N', summary: 'days that it stays locked at least (default 90, in a case 2555)' },
    authority: { type: 'string', value: 'URL', summary: 'time stamp authority to ask (RFC 3161)' },
    json: { type: 'boolean', summary: 'as JSON, one object an archive' },
  },
  examples: [['icecore seal /var/lib/kubelet/checkpoints --cluster prod --node n1', 'what the kubelet left, into .icecore/vault']],
  async run({ arguments: paths, options, terminal }) {
    const choice = { vault: options.vault, key: options.key };
    const [vault, signer] = [openVault(choice), await openSigner(choice)];
    const lock = lockOf(options.days, options.case);
    let code: ExitCode = exitCodes.done;
    for (const path of await archivesIn(paths)) {
      await using file = await disposable(path);
      await using described = await describe(path, file.source, terminal);
      const { input, damaged } = described;
      const sealed = await sealCapture(vault, signer, () => new Date(), {
        ...input,
        archive: file.source,
        where: { ...input.where, cluster: safeName(options.cluster ?? 'lab'), node: options.node ?? null },
        why: { alert: null, policy: null, case: options.case ?? null, reason: options.reason ?? null },
        lock,
        ...(options.authority === undefined ? {} : { timestampAuthority: timestampAuthority(options.authority) }),
        onProgress: (step, done) => terminal.progress(`${path}: ${step}, ${formatBytes(done)} of ${formatBytes(file.source.size)}`),
      });
      terminal.progress(undefined);
      if (damaged) code = exitCodes.partial;
      const { archive } = sealed.manifest;
      if (options.json === true) await terminal.json({ path, capture: sealed.captureKey, sha256: archive.sha256, fresh: sealed.fresh });
      else await terminal.line(`${path}: ${sealed.fresh ? 'sealed' : 'was sealed before'}\n  ${sealed.captureKey}\n  sha256 ${archive.sha256}, ${sealed.manifest.entries.length} entries, ${lockText(lock, sealed.fresh)}`);
    }
    return code;
  },
});

type Described = Pick<SealInput, 'captureId' | 'entries' | 'gaps' | 'where' | 'takenAt' | 'timeSource' | 'clockOffsetMs' | 'by' | 'tools'>;

/** What the archive tells of itself. One that cannot be opened is sealed all the same: it may be all that there is. */
async function describe(path: string, source: Awaited<ReturnType<typeof fileSource>>, terminal: Terminal): Promise<AsyncDisposable & { input: Described; damaged: boolean }> {
  const sha256 = await sha256Of(source, (done) => terminal.progress(`${path}: hashing, ${formatBytes(done)} of ${formatBytes(source.size)}`));
  const known = { captureId: captureIdOf(sha256), clockOffsetMs: null, by: actor().id, tools: [{ ...tool }] };
  try {
    const evidence = await openEvidence(path, undefined, terminal);
    const { container, gaps } = evidence.snapshot;
    const input = { ...known, entries: evidence.archive.entries.values(), gaps: gaps.map(gapText), where: whereOf(container), takenAt: container.checkpointedAt ?? new Date(0), timeSource: container.checkpointedAtSource ?? 'unknown' };
    return { input, damaged: false, [Symbol.asyncDispose]: () => evidence[Symbol.asyncDispose]() };
  } catch (error) {
    if (!isDamageError(error)) throw error;
    terminal.note(`${path}: ${error.message}; sealed as it is`);
    const gap = { code: error.code, subject: `archive ${basename(path)}`, reason: error.message.slice(0, 1000) };
    return { input: { ...known, entries: [], gaps: [gap], where: whereOf(undefined), takenAt: new Date(0), timeSource: 'unknown' }, damaged: true, [Symbol.asyncDispose]: async () => undefined };
  }
}

function gapText({ code, subject, reason }: Gap): Described['gaps'][number] {
  return { code, subject: subject.toWellFormed().slice(0, 1000), reason: reason.toWellFormed().slice(0, 1000) };
}

function whereOf(container: ContainerIdentity | undefined): Described['where'] {
  const text = (value: string | undefined): string | null => value?.toWellFormed().slice(0, 1000) ?? null;
  return {
    account: localAccount,
    cluster: 'lab',
    node: null,
    namespace: text(container?.pod?.namespace),
    pod: text(container?.pod?.name),
    podUid: text(container?.pod?.uid),
    container: text(container?.name),
    containerId: text(container?.id),
    image: text(container?.image),
    imageDigest: text(container?.imageRef),
  };
}

function lockOf(days: string | undefined, inCase: string | undefined): Lock {
  const lock = retentionOf(defaultRetention, { severity: undefined, namespace: undefined, case: inCase }, new Date());
  if (days === undefined) return lock;
  const count = Number(days);
  if (!Number.isInteger(count) || count < 1 || count > 36_500) throw new UsageError(`--days ${days} is no number of days from 1 to 36500`);
  return { ...lock, retainUntil: new Date(Math.ceil((Date.now() + count * dayMs) / 1000) * 1000) };
}

function lockText({ retainUntil, held }: Lock, fresh: boolean): string {
  return fresh ? `locked until ${retainUntil.toISOString().slice(0, 10)}${held ? ', held' : ''}` : 'its lock is as it was';
}

async function disposable(path: string): Promise<AsyncDisposable & { readonly source: Awaited<ReturnType<typeof fileSource>> }> {
  const source = await fileSource(path);
  return { source, [Symbol.asyncDispose]: () => source.close() };
}
