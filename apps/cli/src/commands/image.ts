import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openArchive } from '@icecore/archive';
import { type ByteSource, formatBytes } from '@icecore/bytes';
import { fileSource, type FileSource, folderSpool } from '@icecore/local';
import { dockerCredentials, type ImageReference, parseReference, pushImage, RegistryError } from '@icecore/registry';
import { checkpointFacts, type CheckpointImage, checkpointImage, checkpointLayer, layoutFiles, readLayout, tagPattern, writeTar } from '@icecore/restore';
import { openSnapshot } from '@icecore/snapshot';
import { command, UsageError } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { writeBundle } from '../write-bundle.ts';
import { writeStream } from '../write-stream.ts';

/** `icecore image`: an OCI image whose one layer is the archive. */
export const image = command({
  name: 'image',
  summary: 'Make an OCI image of an archive, as CRI-O, containerd and podman restore from, or push it to a registry.',
  arguments: 'ARCHIVE|LAYOUT REF',
  count: [2, 2],
  options: {
    plain: { type: 'boolean', summary: 'store the plain tar where the archive is compressed' },
    'auth-file': { type: 'string', value: 'FILE', summary: 'credentials as docker login or podman login write them (default: their own files)' },
    'plain-http': { type: 'boolean', summary: 'speak to the registry without TLS; to this machine itself that is always so' },
    json: { type: 'boolean', summary: 'digests and annotations as JSON' },
  },
  examples: [
    ['icecore image checkpoint.tar oci:folder:tag', 'a layout in a new folder; oci-archive:FILE:TAG makes a tar of it'],
    ['icecore image .icecore/image registry.example/icecore/trigger:1', 'an image that is there as a layout, pushed as it is'],
    ['icecore image checkpoint.tar registry.example/cases/c17:1', 'into a registry; goes on where the connection was lost'],
  ],
  async run({ arguments: [path = '', word = ''], options, terminal }) {
    const target = targetOf(word);
    const opened: FileSource[] = [];
    const open = async (name: string): Promise<FileSource> => {
      const file = await fileSource(name);
      opened.push(file);
      return file;
    };
    try {
      const isLayout = existsSync(join(path, 'oci-layout'));
      const made = isLayout ? await readLayout((part) => open(join(path, part))) : await imageOf(await open(path), path, options.plain === true, terminal);
      const outcome = await deliver(made, target, options, terminal);
      terminal.progress(undefined);
      const { index, manifest, layer, annotations } = made;
      if (options.json === true) {
        await terminal.json({ reference: word, digest: index.descriptor.digest, manifest: manifest.descriptor.digest, layer: { media_type: layer.descriptor.mediaType, digest: layer.descriptor.digest, size: layer.descriptor.size }, annotations });
      } else {
        await terminal.line(`${outcome}\n  image  ${index.descriptor.digest}\n  layer  ${layer.descriptor.digest}, ${formatBytes(layer.descriptor.size)} ${layer.descriptor.mediaType.replace(/.*\./, '')}${!isLayout && layer.source === opened[0] ? ', the archive byte for byte' : ''}`);
      }
      return exitCodes.done;
    } finally {
      for (const file of opened) await file.close();
    }
  },
});

/** The image of an archive that is open. */
export async function imageOf(file: ByteSource, path: string, decompress: boolean, terminal: Terminal): Promise<CheckpointImage> {
  const spool = folderSpool();
  const layer = await checkpointLayer(file, { spool, decompress, onProgress: (done, total) => terminal.progress(`${path}: hashing, ${formatBytes(done)} of ${formatBytes(total)}`) });
  const archive = await openArchive(layer.plain, { spool });
  const snapshot = await openSnapshot(archive, { spool });
  return checkpointImage(layer, await checkpointFacts(archive, snapshot), snapshot.container.checkpointedAt ?? new Date(0));
}

type Target =
  | { readonly kind: 'layout' | 'tar'; readonly path: string; readonly tag: string | undefined }
  | { readonly kind: 'registry'; readonly reference: ImageReference };

function targetOf(word: string): Target {
  const [, scheme, rest = ''] = /^(oci|oci-archive):(.+)$/.exec(word) ?? [];
  if (scheme !== undefined) {
    const colon = rest.lastIndexOf(':');
    const tag = colon > 0 && !rest.slice(colon).includes('/') ? rest.slice(colon + 1) : undefined;
    if (tag !== undefined && !tagPattern.test(tag)) throw new UsageError(`"${tag}" is no tag`);
    return { kind: scheme === 'oci' ? 'layout' : 'tar', path: tag === undefined ? rest : rest.slice(0, colon), tag };
  }
  try {
    return { kind: 'registry', reference: parseReference(word) };
  } catch (error) {
    throw error instanceof RegistryError ? new UsageError(`${error.message}; REF is oci:FOLDER[:TAG], oci-archive:FILE[:TAG] or HOST/NAME[:TAG]`) : error;
  }
}

async function deliver(made: CheckpointImage, target: Target, options: { readonly 'auth-file': string | undefined; readonly 'plain-http': boolean | undefined }, terminal: Terminal): Promise<string> {
  if (target.kind === 'registry') {
    const { host, repository, tag } = target.reference;
    const pushed = await pushImage(made, target.reference, {
      credentials: dockerCredentials(options['auth-file']),
      plainHttp: options['plain-http'] === true,
      onProgress: (done, total) => terminal.progress(`${host}: ${formatBytes(done)} of ${formatBytes(total)}`),
    });
    const times = (count: number, what: string): string => (count === 0 ? '' : `, ${what} ${count === 1 ? 'once' : `${count} times`} after a lost connection`);
    const resumed = times(pushed.resumed, 'went on') + times(pushed.restarted, 'began anew');
    return `${host}/${repository}:${tag}: pushed${pushed.existed > 0 ? `, ${pushed.existed} of 2 blobs were there` : ''}${resumed}`;
  }
  const files = layoutFiles(made, target.tag);
  if (target.kind === 'layout') await writeBundle(target.path, async function* () { yield* files; }());
  else await writeStream(target.path, writeTar(files));
  return `${target.path}: written`;
}
