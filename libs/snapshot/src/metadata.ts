import { DamageError, decodeText, type Gap, gapOf, readAll } from '@icecore/bytes';
import type { CheckpointArchive } from '@icecore/archive';
import * as z from 'zod/mini';

/** Largest metadata file that is read. Real ones have a few kilobytes. */
export const maxMetadataBytes = 16 << 20;

// Compiling a parser pays only for many values; an archive has one of each.
z.config({ jitless: true });

const text = z.optional(z.nullable(z.string()));
const textMap = z.optional(z.nullable(z.record(z.string(), z.string())));

/** `config.dump`: of CRI-O and containerd (checkpointctl's metadata), and what icecore needs of podman's. */
export const configDump = z.looseObject({
  id: text,
  name: text,
  rootfsImage: text,
  rootfsImageRef: text,
  rootfsImageName: text,
  rootfsImageID: text,
  RawImageName: text,
  runtime: text,
  createdTime: text,
  checkpointedTime: text,
  command: z.optional(z.nullable(z.array(z.string()))),
  labels: textMap,
  privileged: z.optional(z.boolean()),
  logPath: text,
});

/** `spec.dump`: the OCI runtime specification that the container was started with. */
export const specDump = z.looseObject({
  hostname: text,
  annotations: textMap,
  process: z.optional(
    z.looseObject({
      terminal: z.optional(z.boolean()),
      cwd: text,
      args: z.optional(z.nullable(z.array(z.string()))),
      env: z.optional(z.nullable(z.array(z.string()))),
      user: z.optional(z.looseObject({ uid: z.optional(z.number()), gid: z.optional(z.number()) })),
    }),
  ),
  root: z.optional(z.looseObject({ path: text, readonly: z.optional(z.boolean()) })),
  mounts: z.optional(
    z.nullable(z.array(z.looseObject({ destination: z.string(), type: text, source: text, options: z.optional(z.nullable(z.array(z.string()))) }))),
  ),
  linux: z.optional(z.looseObject({ cgroupsPath: text })),
});

/** `status.dump`: the CRI's status of the container, from containerd. */
export const statusDump = z.looseObject({
  id: text,
  metadata: z.optional(z.looseObject({ name: text, attempt: z.optional(z.number()) })),
  created_at: z.optional(z.number()),
  started_at: z.optional(z.number()),
  image: z.optional(z.looseObject({ image: text })),
  image_ref: text,
  labels: textMap,
  annotations: textMap,
  log_path: text,
});

export const networkStatus = z.nullable(
  z.record(
    z.string(),
    z.looseObject({
      interfaces: z.optional(
        z.nullable(
          z.record(
            z.string(),
            z.looseObject({ mac_address: text, subnets: z.optional(z.nullable(z.array(z.looseObject({ ipnet: text, gateway: text })))) }),
          ),
        ),
      ),
    }),
  ),
);

export const textList = z.nullable(z.array(z.string()));
export const bindMounts = z.nullable(z.array(z.looseObject({ source: text, destination: text, file_type: text, permissions: z.optional(z.number()) })));

/** Reads a JSON file of the archive; undefined where it is not there, with a gap where it cannot be used. */
export async function readMetadata<T>(archive: CheckpointArchive, path: string, schema: z.ZodMiniType<T>, gaps: Gap[]): Promise<T | undefined> {
  const entry = archive.entries.get(path);
  if (entry === undefined || entry.type !== 'file') return undefined;
  try {
    if (entry.source.size > maxMetadataBytes) throw new DamageError('limit', `${entry.source.size} bytes are over ${maxMetadataBytes}`, { entry: path });
    const parsed = schema.safeParse(parse(decodeText(await readAll(entry.source)), path));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new DamageError('malformed', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not as it should be'}`, { entry: path });
  } catch (error) {
    gaps.push(gapOf(`metadata in ${path}`, error));
    return undefined;
  }
}

function parse(content: string, path: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new DamageError('malformed', `is not JSON (${error instanceof Error ? error.message : String(error)})`, { entry: path });
  }
}
