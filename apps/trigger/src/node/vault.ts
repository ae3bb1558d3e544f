import { join } from 'node:path';
import { type CheckpointArchive, openArchive } from '@icecore/archive';
import { type ByteSource, type Gap, isDamageError } from '@icecore/bytes';
import type { Capture, CaptureVault } from '@icecore/capture';
import { type ContainedEntry, type EvidenceVault, fingerprint, isVaultError, objectKeys, readLedger, safeName, sealCapture, type SealInput, type Signer, trustIn, verifyCapture } from '@icecore/evidence';
import { fileSource, folderSpool } from '@icecore/local';
import { z } from 'zod';
import { productVersion } from '../version.ts';
import type { BesideFolder } from './beside/beside.ts';

export interface NodeVaultOptions {
  readonly vault: EvidenceVault;
  readonly signer: Signer;
  /** False where this role may put and not read. */
  readonly readable: boolean;
  readonly beside: BesideFolder;
  readonly checkpointFolder: string;
  readonly account: string;
  readonly cluster: string;
  readonly node: string;
  /** Told of each archive that could be opened. */
  onOpened(archive: CheckpointArchive): Promise<void>;
}

const podSchema = z.object({ status: z.object({ containerStatuses: z.array(z.object({ name: z.string(), image: z.string().optional(), imageID: z.string().optional() })).default([]) }) });

/** The vault, for captures of one node. */
export function nodeVault(options: NodeVaultOptions): CaptureVault {
  const { vault, signer, readable, beside, checkpointFolder } = options;
  return {
    location: vault.location,
    async seal(capture, archive) {
      const source = await fileSource(join(checkpointFolder, archive));
      try {
        const kept = await beside.read(capture);
        const opened = await entriesOf(source, options.onOpened);
        const input = inputOf(options, capture, { archive: source, entries: opened.entries, gaps: [...opened.gaps.map(gapText), ...kept.gaps], side: kept.side });
        const { captureKey: key, manifest } = await sealCapture(vault, signer, () => new Date(), input);
        return { outcome: 'sealed', key, sha256: manifest.archive.sha256, bytes: manifest.archive.bytes };
      } catch (error) {
        // What the vault refuses now it refuses for good; all else may pass.
        if (isVaultError(error) && (error.code === 'mismatch' || error.code === 'refused')) return { outcome: 'refused', message: error.message };
        throw error;
      } finally {
        await source.close();
      }
    },
    async fault(key, { sha256 }) {
      if (!readable) return unreadFault(vault, key, sha256);
      const report = await verifyCapture(vault, key, trustIn(signer), { openEntries: async (archive) => (await openArchive(archive, { spool: folderSpool() })).entries.values() });
      if (!report.holds) return `${report.place} ${report.reason}`;
      const stored = await fingerprint(await vault.open(objectKeys.archive(key)));
      return stored.sha256 === sha256 ? undefined : `the archive has the SHA-256 ${stored.sha256}, the node’s had ${sha256}`;
    },
  };
}

/** What this role remembers of its puts: the store compared the checksum of each. Who may read the vault looks into it after that. */
async function unreadFault(vault: EvidenceVault, key: string, sha256: string): Promise<string | undefined> {
  const archive = await vault.describe(objectKeys.archive(key));
  if (archive?.sha256 !== sha256) return `the archive was put with the SHA-256 ${archive?.sha256 ?? 'of nothing'}, the node’s had ${sha256}`;
  return (await readLedger(vault, key)).some(({ action }) => action === 'sealed') ? undefined : 'its ledger does not say that it was sealed';
}

/** An archive that cannot be opened is sealed all the same: it may be all that there is. */
async function entriesOf(source: ByteSource, onOpened: NodeVaultOptions['onOpened']): Promise<{ readonly entries: Iterable<ContainedEntry>; readonly gaps: readonly Pick<Gap, 'code' | 'subject' | 'reason'>[] }> {
  try {
    const archive = await openArchive(source, { spool: folderSpool() });
    await onOpened(archive);
    return { entries: archive.entries.values(), gaps: archive.gaps };
  } catch (error) {
    if (!isDamageError(error)) throw error;
    return { entries: [], gaps: [{ code: error.code, subject: 'archive', reason: error.message }] };
  }
}

type Contents = Pick<SealInput, 'archive' | 'entries' | 'gaps' | 'side'>;

function inputOf({ account, cluster, node }: NodeVaultOptions, capture: Capture, contents: Contents): SealInput {
  const { metadata, spec, status } = capture;
  const { retention, target, alert, policyRule, reason, found } = spec;
  const until = Math.ceil(Date.now() / 1000 + retention.lockSeconds) * 1000;
  const image = imageOf(contents.side, target.container);
  return {
    ...contents,
    // The uid keeps two captures apart that had one name, one after the other.
    captureId: safeName(`${metadata.name.slice(0, 80)}-${metadata.uid.slice(0, 8)}`),
    where: { account: safeName(account), cluster: safeName(cluster), node, namespace: target.namespace, pod: target.pod, podUid: target.podUid ?? null, container: target.container, containerId: target.containerId ?? null, image: image?.image ?? null, imageDigest: image?.imageID ?? null },
    why: { alert: alert?.id ?? null, policy: policyRule ?? null, case: retention.case ?? null, reason },
    takenAt: new Date(status.archive?.takenAt ?? metadata.creationTimestamp),
    timeSource: found === undefined ? 'node' : 'time stamp of the file',
    clockOffsetMs: null,
    by: `icecore-node@${node}`,
    tools: [{ name: 'icecore', version: productVersion }],
    lock: { retainUntil: new Date(until), held: retention.hold },
  };
}

function imageOf(side: SealInput['side'], container: string): { readonly image?: string | undefined; readonly imageID?: string | undefined } | undefined {
  const pod = side?.find(({ name }) => name === 'pod.json');
  if (pod === undefined) return undefined;
  const parsed = podSchema.safeParse(JSON.parse(Buffer.from(pod.bytes).toString('utf8')));
  return parsed.success ? parsed.data.status.containerStatuses.find(({ name }) => name === container) : undefined;
}

function gapText({ code, subject, reason }: Pick<Gap, 'code' | 'subject' | 'reason'>): SealInput['gaps'][number] {
  return { code, subject: subject.toWellFormed().slice(0, 1000), reason: reason.toWellFormed().slice(0, 1000) };
}

