import { type ArchiveEntry, type CheckpointArchive, type Compression, expand, indexTar, openArchive, type Spool } from '@icecore/archive';
import { type ByteSource, DamageError, decodeText, memorySource, readAll, readPieces } from '@icecore/bytes';
import { imageTypes, readImage } from '@icecore/criu';
import { z } from 'zod';
import { tarHeader } from '../image/write-tar.ts';
import { compressed, withChecksum } from '../redact/rewrite.ts';

/**
 * podman's container configuration (libpod, container_config.go), of which only this is looked at: `lockID` tells that it is
 * podman's, `netNsCtr` names the container whose network it shares.
 */
const configuration = z.looseObject({ lockID: z.number(), netNsCtr: z.string().optional() });

/** What in it decides what the copy can reach; without them there are no networks, addresses or ports. */
const networkFields = ['networks', 'newNetworks', 'networkOptions', 'portMappings', 'newPortMappings', 'staticIP', 'staticMAC'];

/** An archive that podman restores into a network namespace of its own in which there is nothing. */
export interface IsolatedCopy {
  readonly compression: Compression;
  pieces(): AsyncIterable<Uint8Array>;
}

/**
 * A copy of a podman archive in whose configuration no networks are left: podman then makes a network namespace and puts nothing
 * into it but `lo`. The evidence is read, and nothing else. Rejects with a `DamageError` where the container was in a network
 * namespace that is not its own (its node's, another container's), for then its copy would be in that one.
 */
export async function isolatedCopy(source: ByteSource, spool: Spool): Promise<IsolatedCopy> {
  const { compression, source: plain } = await expand(source, { spool });
  const archive = await openArchive(plain, { spool });
  const config = await configurationOf(archive);
  if (!(await ownNetworkNamespace(archive))) throw new DamageError('unsupported', 'the container was in the network of its node or of another container, which a copy must not be in', { entry: 'spec.dump' });
  for (const [name, { source: image }] of archive.images()) {
    if (!/^netdev-\d+\.img$/.test(name)) continue;
    const devices = (await readImage(image, name, imageTypes.NETDEV)).entries.filter(({ message }) => message.type !== 'LOOPBACK');
    if (devices.length > 0) throw new DamageError('unsupported', `the dump brings ${devices.map(({ message }) => message.name).join(', ')} along, which a restore would make again`, { image: name });
  }
  const isolated = Object.fromEntries(Object.entries(config).filter(([name]) => !networkFields.includes(name)));
  const { entries } = await indexTar(plain);
  const entry = entries.findLast(({ path, type }) => type === 'file' && /^(?:[^/]+\/)?config\.dump$/.test(path));
  if (entry === undefined) throw new DamageError('missing', 'there is no config.dump', {});
  return { compression, pieces: () => compressed(withEntry(plain, entry, new TextEncoder().encode(JSON.stringify(isolated))), compression) };
}

async function configurationOf(archive: CheckpointArchive): Promise<z.infer<typeof configuration>> {
  const entry = archive.entries.get('config.dump');
  if (entry === undefined) throw new DamageError('missing', 'there is no config.dump', {});
  const parsed = configuration.safeParse(jsonOf(decodeText(await readAll(entry.source))));
  if (!parsed.success) throw new DamageError('unsupported', 'podman restores its own archives alone; image it, and restore it in a cluster', { entry: 'config.dump' });
  if (parsed.data.netNsCtr !== undefined && parsed.data.netNsCtr !== '') throw new DamageError('unsupported', 'the container shares the network of another, which a copy must not be in', { entry: 'config.dump' });
  return parsed.data;
}

const runtimeSpec = z.looseObject({ linux: z.looseObject({ namespaces: z.array(z.looseObject({ type: z.string() })).nullish() }).nullish() });

/** True where the container has a network namespace of its own: podman makes it anew, whatever path is noted. */
async function ownNetworkNamespace(archive: CheckpointArchive): Promise<boolean> {
  const entry = archive.entries.get('spec.dump');
  const parsed = runtimeSpec.safeParse(entry === undefined ? undefined : jsonOf(decodeText(await readAll(entry.source))));
  return parsed.success && (parsed.data.linux?.namespaces ?? []).some(({ type }) => type === 'network');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The tar with the content of one entry replaced. */
async function* withEntry(tar: ByteSource, { headerOffset, size, path }: ArchiveEntry, content: Uint8Array): AsyncGenerator<Uint8Array> {
  const slice = (start: number, end: number): ByteSource => ({ size: end - start, read: (from, to) => tar.read(start + from, start + to) });
  yield* readPieces(slice(0, headerOffset));
  const header = Buffer.from(tarHeader(path, content.length));
  // For its owner alone, as engines write it.
  header.write('0000600\0', 100, 'latin1');
  yield* readPieces(memorySource(withChecksum(header)));
  yield content;
  yield new Uint8Array((512 - (content.length % 512)) % 512);
  yield* readPieces(slice(headerOffset + 512 + Math.ceil(size / 512) * 512, tar.size));
}
