import type { CheckpointArchive } from '@icecore/archive';
import { decodeText, readAll } from '@icecore/bytes';
import { z } from 'zod';

const text = z.string().optional().catch(undefined);

/**
 * What a restore wants to know of `config.dump`. The names of CRI-O and containerd (checkpointctl, lib/metadata.go:
 * `rootfsImage…`) and those of podman's container configuration differ in case.
 */
const configDump = z.object({ name: text, rootfsImage: text, rootfsImageName: text, rootfsImageRef: text, rootfsImageID: text, RawImageName: text, rawImageName: text, runtime: text }).partial();

const maxDocumentBytes = 16 << 20;

/** The base image as the engine noted it. */
export interface BaseImage {
  /** As the user asked for it: `nginx`. */
  readonly requested: string | undefined;
  /** Its full name: `docker.io/library/nginx:1.27`. */
  readonly name: string | undefined;
  /** `NAME@DIGEST` of CRI-O and containerd, an image id of podman. */
  readonly reference: string | undefined;
}

export interface ConfigFacts extends BaseImage {
  /** The container's full name. */
  readonly containerName: string | undefined;
  readonly runtime: string | undefined;
}

/** Reads `config.dump`; what it does not say, or is damaged, is undefined. */
export async function readConfigFacts(archive: CheckpointArchive): Promise<ConfigFacts> {
  const parsed = configDump.safeParse(await readJsonEntry(archive, 'config.dump'));
  const config = parsed.success ? parsed.data : {};
  const name = config.rootfsImageName ?? config.rawImageName ?? config.RawImageName;
  return {
    containerName: config.name,
    runtime: config.runtime,
    requested: config.rootfsImage ?? config.rawImageName ?? config.RawImageName ?? name,
    name,
    reference: config.rootfsImageRef ?? config.rootfsImageID,
  };
}

/** A JSON file of the archive; undefined where it is not there, too large, or no JSON. */
export async function readJsonEntry(archive: CheckpointArchive, path: string): Promise<unknown> {
  const content = await readTextEntry(archive, path);
  if (content === undefined) return undefined;
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** A text file of the archive; undefined where it is not there, cut short, or too large. */
export async function readTextEntry(archive: CheckpointArchive, path: string): Promise<string | undefined> {
  const entry = archive.entries.get(path);
  if (entry?.type !== 'file' || entry.source.size > maxDocumentBytes) return undefined;
  try {
    return decodeText(await readAll(entry.source));
  } catch {
    return undefined;
  }
}

/** The kernel that the dump was taken on, by CRIU's log: `6.1.0-28-amd64`; podman's archives have no log. */
export async function kernelOfDump(archive: CheckpointArchive): Promise<string | undefined> {
  const log = (await readTextEntry(archive, 'dump.log')) ?? (await readTextEntry(archive, `${archive.imagesPrefix}dump.log`));
  return log === undefined ? undefined : /Running on \S+ Linux (\S+)/.exec(log)?.[1];
}

/** The version of CRIU that took the dump, by its log: `4.2.1`. */
export async function criuOfDump(archive: CheckpointArchive): Promise<string | undefined> {
  const log = (await readTextEntry(archive, 'dump.log')) ?? (await readTextEntry(archive, `${archive.imagesPrefix}dump.log`));
  return log === undefined ? undefined : /\bVersion: (\d[\w.]*)/.exec(log)?.[1];
}
