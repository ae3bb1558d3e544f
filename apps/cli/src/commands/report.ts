import { writeFile } from 'node:fs/promises';
import { formatBytes } from '@icecore/bytes';
import { sha256OfSource } from '@icecore/evidence';
import { knownSecretKey } from '@icecore/local';
import { logEntries } from '@icecore/scan';
import { secretKey } from '@icecore/secrets';
import { captureIdOf } from '@icecore/tables';
import { captureView, reportDocument } from '@icecore/views';
import { command } from '../command.ts';
import { archiveOf, custodyOf } from '../custody-record.ts';
import { evidenceOptions, openEvidence, reportDamage } from '../evidence.ts';
import { examineEvidence } from '../examination.ts';
import { secretKeyPath } from '../masking.ts';
import { scanChoiceOf, scanOptions } from '../scan-options.ts';
import { tool, vaultOptions } from '../vault.ts';

/** `icecore report`: everything about a capture as one file to open, send and print. */
export const report = command({
  name: 'report',
  summary: 'Write one HTML file that shows a capture: verdict, findings and their bytes, processes, network, memory, files, custody.',
  arguments: 'CAPTURE|ARCHIVE',
  count: [1, 1],
  options: {
    output: { type: 'string', short: 'o', value: 'FILE', summary: 'file that does not exist yet (default report-CAPTURE.html)' },
    json: { type: 'boolean', summary: 'what the report shows, as JSON on the screen; no file is written' },
    ...vaultOptions,
    trust: { type: 'string', value: 'FILE', summary: 'keys to believe when custody is verified (default: the key of --key)' },
    ...scanOptions,
    ...evidenceOptions,
  },
  examples: [
    ['icecore report samples/podman-attack.tar.zst -o attack.html', 'of an archive; opens from disk, with no network'],
    ['icecore report 9c57', 'of a capture in the vault, by the beginning of its id, with its custody'],
  ],
  async run({ arguments: [word = ''], options, terminal }) {
    const choice = await scanChoiceOf(options);
    const { path, captureKey } = await archiveOf(word, options);
    const keyBytes = knownSecretKey(secretKeyPath());
    await using evidence = await openEvidence(path, options.parent, terminal);
    const { snapshot, archive, file } = evidence;
    const sha256 = await sha256OfSource(file, (done) => terminal.progress(`${path}: hashing, ${formatBytes(done)} of ${formatBytes(file.size)}`));
    const captureId = captureIdOf(sha256);
    const { detection, hits, files, gaps, scannedBytes } = await examineEvidence(evidence, { ...choice, keyBytes, captureId, parents: options.parent ?? [] }, terminal);
    const custody = await custodyOf(captureId, captureKey, options, terminal);
    const view = await captureView(snapshot, detection, hits, {
      captureId,
      archive: { name: path, bytes: file.size, sha256, compression: archive.compression, wrapping: archive.container },
      key: secretKey(keyBytes),
      files,
      gaps,
      scannedBytes,
      logs: logEntries.flatMap((name) => archive.entries.get(name)?.source ?? []),
      ...(custody === undefined ? {} : { custody, ...placeOf(custody) }),
    });
    if (options.json === true) await terminal.json(JSON.parse(JSON.stringify(view)));
    else {
      const target = options.output ?? `report-${captureId.slice(0, 8)}.html`;
      await writeFile(target, reportDocument(view, tool), { flag: 'wx', mode: 0o600 });
      await terminal.line(`${target}: ${view.verdict.headline}`);
    }
    return reportDamage([...snapshot.gaps, ...gaps], terminal);
  },
});

/** Where the capture was taken, by its manifest. */
function placeOf(custody: NonNullable<Awaited<ReturnType<typeof custodyOf>>>): { readonly cluster?: string; readonly node?: string } {
  if ('unreadable' in custody) return {};
  const { cluster, node } = custody.manifest.where;
  return { cluster, ...(node === null ? {} : { node }) };
}
