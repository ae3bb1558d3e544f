import { rm, writeFile } from 'node:fs/promises';
import { formatBytes } from '@icecore/bytes';
import { sha256OfSource } from '@icecore/evidence';
import { fileSource, folderSpool, secretKeyFile } from '@icecore/local';
import { type ChosenRegion, planRedaction, redactionManifest, type RemovedThing } from '@icecore/restore';
import { secretKey } from '@icecore/secrets';
import { command, UsageError } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { secretKeyPath } from '../masking.ts';
import { besideOf } from '../redacted-copy.ts';
import { writeStream } from '../write-stream.ts';

/** `icecore redact`: a copy of an archive that can be shared. */
export const redactCommand = command({
  name: 'redact',
  summary: 'Copy an archive without its secrets, regions of memory or files, wherever they stand in it, and prove that by search.',
  arguments: 'ARCHIVE',
  count: [1, 1],
  options: {
    out: { type: 'string', short: 'o', value: 'FILE', summary: 'where to write the copy; what was removed is said in it, and in FILE.redaction.json; must not exist' },
    secrets: { type: 'boolean', summary: 'take all that is known as a secret out of memory, files, queues and metadata' },
    region: { type: 'string', value: 'PID:START-END', multiple: true, summary: 'memory of a process, addresses in hex; copies of its pages go with it' },
    file: { type: 'string', value: 'PATH', multiple: true, summary: 'a file by its path in the container, or an entry of the archive' },
    'secret-key': { type: 'string', value: 'FILE', summary: 'key of the HMACs that tell what was removed (default .icecore/secret-key)' },
    json: { type: 'boolean', summary: 'the manifest as JSON' },
  },
  examples: [['icecore redact capture.tar.zst --secrets --out shareable.tar.zst', 'the copy keeps its layout: show, findings and diff read it']],
  async run({ arguments: [path = ''], options, terminal }) {
    const { out } = options;
    if (out === undefined) throw new UsageError('needs --out FILE');
    const choice = { secrets: options.secrets === true, regions: (options.region ?? []).map(regionOf), files: options.file ?? [] };
    if (!choice.secrets && choice.regions.length === 0 && choice.files.length === 0) throw new UsageError('needs --secrets, --region or --file: what is to go');
    const key = secretKey(secretKeyFile(secretKeyPath(options['secret-key'])));
    const file = await fileSource(path);
    try {
      const redaction = await planRedaction(file, choice, { spool: folderSpool(), key, onProgress: (step, done) => terminal.progress(`${path}: ${step}, ${formatBytes(done)}`) });
      const inside = redactionManifest(redaction, { sha256: await sha256OfSource(file), bytes: file.size }, key.id);
      terminal.progress(`${out}: writing`);
      await writeStream(out, redaction.pieces(inside));
      const copy = await fileSource(out);
      let clean = false;
      try {
        const faults = await redaction.faults(copy);
        terminal.progress(undefined);
        if (faults.length > 0) {
          for (const fault of faults) terminal.note(`icecore redact: ${fault}`);
          terminal.note(`icecore redact: the copy is not clean, so ${out} was taken away again`);
          return exitCodes.failed;
        }
        const manifest = { ...inside, copy: { sha256: await sha256OfSource(copy), bytes: copy.size } };
        clean = true;
        await writeFile(besideOf(out), `${JSON.stringify(manifest, undefined, 2)}\n`, { flag: 'wx', mode: 0o600 });
        if (options.json === true) await terminal.json(manifest);
        else await terminal.line([`${out}: written, and searched: nothing of what was removed is left`, ...removedLines(redaction.items, manifest.removed.map(({ place_count }) => place_count)), `  parent  sha256 ${manifest.parent.sha256}`, `  copy    sha256 ${manifest.copy.sha256}`].join('\n'));
        return redaction.items.length === 0 ? exitCodes.no : exitCodes.done;
      } finally {
        await copy.close();
        // Also where the copy could not even be looked through.
        if (!clean) await rm(out);
      }
    } finally {
      await file.close();
    }
  },
});

function regionOf(word: string): ChosenRegion {
  const [, pid, from = '', to = ''] = /^(\d{1,9}):(?:0x)?([0-9a-f]{1,16})-(?:0x)?([0-9a-f]{1,16})$/i.exec(word) ?? [];
  if (pid === undefined) throw new UsageError(`--region ${word} is no PID:START-END with addresses in hex`);
  const [start, end] = [BigInt(`0x${from}`), BigInt(`0x${to}`)];
  if (end <= start) throw new UsageError(`--region ${word} ends before it begins`);
  return { pid: Number(pid), start, end };
}

function removedLines(items: readonly RemovedThing[], counts: readonly number[]): string[] {
  if (items.length === 0) return ['  nothing was found that is to go'];
  return items.map((item, i) => {
    const what = item.kind === 'secret' ? `${item.rule} ${item.hmac.slice(0, 8)}` : item.kind === 'file' ? `file ${item.path}` : `memory of process ${item.pid}`;
    return `  ${what}: ${counts[i] === 1 ? '1 place' : `${counts[i]} places`}`;
  });
}
