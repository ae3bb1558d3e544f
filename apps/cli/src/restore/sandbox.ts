import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { compareSnapshots } from '@icecore/difference';
import { sha256OfSource } from '@icecore/evidence';
import { folderSpool, runInSandbox } from '@icecore/local';
import { isolatedCopy, manifestsText, restoreNeeds, sandboxManifests } from '@icecore/restore';
import { UsageError } from '../command.ts';
import { openEvidence, reportDamage } from '../evidence.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { differenceLines, maskedDifference } from '../render/difference.ts';
import { toJson } from '../render/snapshot-json.ts';
import { shown } from '../render/text-table.ts';
import type { Terminal } from '../terminal.ts';
import { writeStream } from '../write-stream.ts';
import { localPodman } from './local-podman.ts';

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
  await mkdir(folder, { mode: 0o700 });
  const [copy, after] = [join(folder, 'copy.tar'), join(folder, 'after.tar.zst')];
  await using evidence = await openEvidence(path, undefined, terminal);
  const before = await sha256OfSource(evidence.file);
  const { connections } = await restoreNeeds(evidence.archive, evidence.snapshot);
  await writeStream(copy, (await isolatedCopy(evidence.file, folderSpool())).pieces());
  terminal.progress(`${path}: the copy lives for ${seconds} s`);
  const network = await runInSandbox(localPodman, { name: `icecore-sandbox-${process.pid}`, copy, after, milliseconds: seconds * 1000, closeTcp: connections.length > 0 });
  terminal.progress(undefined);
  await rm(copy);
  if ((await sha256OfSource(evidence.file)) !== before) throw Object.assign(new Error(`${path} was changed while its copy ran`), { code: 'changed' });
  await using awake = await openEvidence(after, undefined, terminal);
  const difference = maskedDifference(await compareSnapshots(evidence.snapshot, awake.snapshot, { memory: true, files: true }));
  // podman writes no rootfs-diff.tar where nothing was changed, and then there is nothing to compare with.
  const wrote = evidence.archive.entries.has('rootfs-diff.tar') ? [] : (await awake.snapshot.changedFiles()).files.filter(({ kind }) => kind === 'rootfs');
  const writeLines = wrote.map(({ change, path: file }) => `  file ${change === 'present' ? 'written' : 'deleted'}: ${shown(file, 300)}`);
  if (json) await terminal.json({ evidence_sha256: before, after, seconds, interfaces: [...network.interfaces], routes: [...network.routes], difference: toJson(difference), written: wrote.map(({ change, path: file }) => ({ change, path: file })) });
  else await terminal.line([`The copy lived for ${seconds} s with ${network.interfaces.join(', ')} and no route; the evidence is unchanged (sha256 ${before.slice(0, 12)}…). What it did when it woke:`, ...differenceLines(difference, terminal), ...writeLines, `captured again as ${after}`].join('\n'));
  return reportDamage([...evidence.snapshot.gaps, ...awake.snapshot.gaps], terminal);
}
