import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { defaultRetention, hashingSource, type HashingSource, ledgerEnds, localAccount, type Lock, parseRetentionPolicy, type RetentionFacts, type RetentionPolicy, retentionOf, safeName, sealCapture, type SealInput } from '@icecore/evidence';
import { fileSource, timestampAuthority } from '@icecore/local';
import { formatBytes, type Gap, isDamageError } from '@icecore/bytes';
import { captureIdOf } from '@icecore/tables';
import type { ContainerIdentity } from '@icecore/snapshot';
import { command, UsageError } from '../command.ts';
import { openEvidence } from '../evidence.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { actor, openPutOnlyVault, openSigner, openVault, tool, vaultOptions } from '../vault.ts';
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
    severity: { type: 'string', value: 'N', summary: 'severity of the alert, 0 to 100, for the policy' },
    policy: { type: 'string', value: 'FILE', summary: 'how long to lock, by severity, namespace and case (JSON; default 90 days, severe 1 year, in a case 7 years and held)' },
    days: { type: 'string', value: 'N', summary: 'lock for this many days instead' },
    journal: { type: 'string', value: 'FOLDER', summary: 'for a role that may put into the vault and not read it: remember here what was put' },
    authority: { type: 'string', value: 'URL', summary: 'time stamp authority to ask (RFC 3161)' },
    json: { type: 'boolean', summary: 'as JSON, one object an archive' },
  },
  examples: [
    ['icecore seal /var/lib/kubelet/checkpoints --cluster prod --node n1', 'what the kubelet left, into .icecore/vault'],
    ['icecore seal --vault s3://evidence/icecore --policy retention.json --case 7 a.tar', 'into a bucket with Object Lock'],
  ],
  async run({ arguments: paths, options, terminal }) {
    const choice = { vault: options.vault, key: options.key };
    const vault = options.journal === undefined ? await openVault(choice) : await openPutOnlyVault(choice, options.journal);
    const signer = await openSigner(choice);
    const lockFor = await lockRule(options);
    let code: ExitCode = exitCodes.done;
    for (const path of await archivesIn(paths)) {
      await using described = await describe(path, terminal);
      const { input, damaged } = described;
      const lock = lockFor({ namespace: input.where.namespace ?? undefined, case: options.case });
      const { captureKey, manifest, fresh } = await sealCapture(vault, signer, () => new Date(), {
        ...input,
        where: { ...input.where, cluster: safeName(options.cluster ?? 'lab'), node: options.node ?? null },
        why: { alert: null, policy: null, case: options.case ?? null, reason: options.reason ?? null },
        lock,
        ...(options.authority === undefined ? {} : { timestampAuthority: timestampAuthority(options.authority) }),
        onProgress: (step, done) => terminal.progress(`${path}: ${step}, ${formatBytes(done)} of ${formatBytes(input.archive.size)}`),
      });
      terminal.progress(undefined);
      if (damaged) code = exitCodes.partial;
      const { sha256 } = manifest.archive;
      const [end] = await ledgerEnds(vault, [captureKey]);
      if (options.json === true) await terminal.json({ path, capture: captureKey, sha256, fresh, seq: end?.seq ?? 0, head: end?.head ?? null, locked_until: fresh ? lock.retainUntil.toISOString() : null, held: fresh ? lock.held : null });
      else {
        await terminal.line(`${path}: ${fresh ? 'sealed' : 'was sealed before'}\n  ${captureKey}\n  sha256 ${sha256}, ${manifest.entries.length} entries, ${lockText(lock, fresh)}`);
        await terminal.line(`  head ${end?.head ?? 'unknown'}, of entry ${end?.seq ?? 0}: keep it away from the vault, for verify --expect-head`);
      }
    }
    return code;
  },
});

type Described = Pick<SealInput, 'archive' | 'captureId' | 'entries' | 'gaps' | 'where' | 'takenAt' | 'timeSource' | 'clockOffsetMs' | 'by' | 'tools'>;

/** What the archive tells of itself, and its hashes. One that cannot be opened is sealed all the same: it may be all that there is. */
async function describe(path: string, terminal: Terminal): Promise<AsyncDisposable & { readonly input: Described; readonly damaged: boolean }> {
  const file = await fileSource(path);
  const archive = hashingSource(file);
  const told = await readArchive(path, archive, terminal).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  const { whole } = await archive.hash(told.entries, (done) => terminal.progress(`${path}: hashing, ${formatBytes(done)} of ${formatBytes(archive.size)}`));
  const { close, damaged, ...known } = told;
  const input = { ...known, archive, captureId: captureIdOf(whole.sha256), clockOffsetMs: null, by: actor().id, tools: [{ ...tool }] };
  return {
    input,
    damaged,
    async [Symbol.asyncDispose]() {
      await close();
      await file.close();
    },
  };
}

interface Told extends Pick<SealInput, 'entries' | 'gaps' | 'where' | 'takenAt' | 'timeSource'> {
  readonly damaged: boolean;
  close(): Promise<void>;
}

async function readArchive(path: string, archive: HashingSource, terminal: Terminal): Promise<Told> {
  try {
    const evidence = await openEvidence(path, undefined, terminal, archive);
    const { container, gaps } = evidence.snapshot;
    return {
      entries: evidence.archive.entries.values(),
      gaps: gaps.map(gapText),
      where: whereOf(container),
      takenAt: container.checkpointedAt ?? new Date(0),
      timeSource: container.checkpointedAtSource ?? 'unknown',
      damaged: false,
      close: async () => evidence[Symbol.asyncDispose](),
    };
  } catch (error) {
    if (!isDamageError(error)) throw error;
    terminal.note(`${path}: ${error.message}; sealed as it is`);
    const gap = { code: error.code, subject: `archive ${basename(path)}`, reason: error.message.slice(0, 1000) };
    return { entries: [], gaps: [gap], where: whereOf(undefined), takenAt: new Date(0), timeSource: 'unknown', damaged: true, close: async () => undefined };
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

interface LockOptions {
  readonly days: string | undefined;
  readonly policy: string | undefined;
  readonly severity: string | undefined;
}

/** What decides how long a capture is locked: the days that were named, or the policy. */
async function lockRule({ days, policy, severity }: LockOptions): Promise<(facts: Omit<RetentionFacts, 'severity'>) => Lock> {
  const [lockDays, known] = [numberOf('days', days, 1, 36_500), numberOf('severity', severity, 0, 100)];
  if (lockDays !== undefined && policy !== undefined) throw new UsageError('--days and --policy both say how long to lock; name one of them');
  const rules = policy === undefined ? defaultRetention : await readPolicy(policy);
  return (facts) => {
    const lock = retentionOf(rules, { ...facts, severity: known }, new Date());
    return lockDays === undefined ? lock : { ...lock, retainUntil: new Date(Math.ceil((Date.now() + lockDays * dayMs) / 1000) * 1000) };
  };
}

async function readPolicy(path: string): Promise<RetentionPolicy> {
  const text = await readFile(path, 'utf8');
  try {
    return parseRetentionPolicy(text);
  } catch (error) {
    throw new UsageError(`${path} is no retention policy: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function numberOf(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,6}$/.test(text) || Number(text) < least || Number(text) > most) throw new UsageError(`--${name} ${text} is no number from ${least} to ${most}`);
  return Number(text);
}

function lockText({ retainUntil, held }: Lock, fresh: boolean): string {
  return fresh ? `locked until ${retainUntil.toISOString().slice(0, 10)}${held ? ', held' : ''}` : 'its lock is as it was';
}
