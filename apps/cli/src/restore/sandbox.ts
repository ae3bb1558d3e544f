import { existsSync } from 'node:fs';
import { mkdir, rm, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { compareSnapshots, type SnapshotDifference } from '@icecore/difference';
import { sha256OfSource } from '@icecore/evidence';
import { folderSpool, runInSandbox, type SandboxNetwork } from '@icecore/local';
import { isolatedCopy, manifestsText, restoreNeeds, sandboxManifests } from '@icecore/restore';
import { UsageError } from '../command.ts';
import { type OpenEvidence, openEvidence, reportDamage } from '../evidence.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { differenceLines, maskedDifference } from '../render/difference.ts';
import { toJson } from '../render/snapshot-json.ts';
import { shown } from '../render/text-table.ts';
import type { Terminal } from '../terminal.ts';
import { writeStream } from '../write-stream.ts';
import { localPodman } from './local-podman.ts';
import { ownDoing } from './own-doing.ts';

export interface ManifestOptions {
  readonly image: string | undefined;
  readonly namespace: string | undefined;
  readonly node: string | undefined;
  readonly runtimeClass: string | undefined;
  readonly sinkhole: string | undefined;
}

/** `icecore restore sandbox --manifests`: what to apply to a cluster. */
export async function writeManifests(path: string, options: ManifestOptions, terminal: Terminal): Promise<ExitCode> {
  const { image, namespace = 'icecore-sandbox', node, runtimeClass, sinkhole } = options;
  if (image === undefined) throw new UsageError('--manifests needs --image REF: the image that icecore image made of the archive, by digest');
  if (!/@sha256:[0-9a-f]{64}$/.test(image)) throw new UsageError(`--image ${image} names no digest: a tag can come to mean another image`);
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace)) throw new UsageError(`--namespace ${namespace} is no name of a namespace`);
  await using evidence = await openEvidence(path, undefined, terminal);
  const { container, dump } = evidence.snapshot;
  const needs = await restoreNeeds(evidence.archive, evidence.snapshot);
  const name = (container.name ?? 'container').toLowerCase().replace(/[^a-z0-9-]/g, '-').replace(/^-+|-+$/g, '').slice(0, 63) || 'container';
  const mounts = needs.bindMounts.map(({ destination }) => destination);
  await terminal.bytes(Buffer.from(manifestsText(sandboxManifests({ namespace, image, container: name, mounts, memoryBytes: dump.pageBytes, node, runtimeClass, sinkhole }))));
  return exitCodes.done;
}

export interface LocalOptions {
  readonly seconds: number;
  readonly output: string | undefined;
  readonly json: boolean;
}

/** `icecore restore sandbox --local`: lets the copy live where nothing leads out, captures it again, and tells what it did. */
export async function liveInSandbox(path: string, { seconds, output, json }: LocalOptions, terminal: Terminal): Promise<ExitCode> {
  const folder = resolve(output ?? `${path}.sandbox`);
  const after = join(folder, 'after.tar.zst');
  await using evidence = await openEvidence(path, undefined, terminal);
  const before = await sha256OfSource(evidence.file);
  const network = await lived(evidence, { folder, after, seconds }, terminal);
  if ((await sha256OfSource(evidence.file)) !== before) throw Object.assign(new Error(`${path} was changed while its copy ran`), { code: 'changed' });
  await using awake = await openEvidence(after, undefined, terminal);
  const whole = maskedDifference(await compareSnapshots(evidence.snapshot, awake.snapshot, { memory: true, files: true }));
  // podman writes no rootfs-diff.tar where nothing was changed, and then there is nothing to compare with.
  const wrote = evidence.archive.entries.has('rootfs-diff.tar') ? [] : (await awake.snapshot.changedFiles()).files.filter(({ kind }) => kind === 'rootfs');
  if (json) {
    await terminal.json({ evidence_sha256: before, after, seconds, interfaces: [...network.interfaces], routes: [...network.routes], difference: toJson(whole), written: wrote.map(({ change, path: file }) => ({ change, path: file })) });
  } else {
    const head = `The copy lived for ${seconds} s with ${network.interfaces.join(', ')} and no route; the evidence is unchanged (sha256 ${before.slice(0, 12)}…). What it did when it woke:`;
    const writeLines = wrote.map(({ change, path: file }) => `${change === 'present' ? '+' : '-'} ${shown(file, 300)}`);
    await terminal.line([head, '', ...doingLines(whole, writeLines, terminal, `icecore diff ${shown(path)} ${shown(after)}`), `Captured again as ${shown(after)}; icecore findings ${shown(after)} judges it.`].join('\n'));
  }
  return reportDamage([...evidence.snapshot.gaps, ...awake.snapshot.gaps], terminal);
}

/** Lets the copy live; its folder stays where a second capture came of it, and goes where none did. */
async function lived({ path, file, archive, snapshot }: OpenEvidence, { folder, after, seconds }: { readonly folder: string; readonly after: string; readonly seconds: number }, terminal: Terminal): Promise<SandboxNetwork> {
  const copy = join(folder, 'copy.tar');
  const { connections } = await restoreNeeds(archive, snapshot);
  await mkdir(folder, { mode: 0o700 });
  try {
    await writeStream(copy, (await isolatedCopy(file, folderSpool())).pieces());
    terminal.progress(`${path}: the copy lives for ${seconds} s`);
    return await runInSandbox(localPodman, { name: `icecore-sandbox-${process.pid}`, copy, after, milliseconds: seconds * 1000, closeTcp: connections.length > 0 });
  } finally {
    terminal.progress(undefined);
    await rm(copy, { force: true });
    if (!existsSync(after)) await rmdir(folder);
  }
}

function doingLines(whole: SnapshotDifference, written: readonly string[], terminal: Terminal, command: string): string[] {
  const { difference, leftOut } = ownDoing(whole);
  const writes = written.length === 0 ? [] : ['', terminal.style('bold', 'files, of which there were no changes before'), ...written.map((line) => `  ${line}`)];
  const more = leftOut === 0 ? [] : [`${leftOut} more ${leftOut === 1 ? 'difference comes' : 'differences come'} from the restore and not from the copy (ids, devices, its network): ${command}`];
  return [...differenceLines(difference, terminal), ...writes, '', ...more];
}
