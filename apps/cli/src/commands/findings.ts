import { captureIdOf } from '@icecore/tables';
import { sha256OfSource } from '@icecore/evidence';
import { knownSecretKey } from '@icecore/local';
import { severityId } from '@icecore/findings';
import { command } from '../command.ts';
import { evidenceOptions, openEvidence, reportDamage } from '../evidence.ts';
import { examineEvidence } from '../examination.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { secretKeyPath } from '../masking.ts';
import { findingLines, verdictLines } from '../render/findings.ts';
import { toJson } from '../render/snapshot-json.ts';
import { headLines } from '../render/summary.ts';
import { scanChoiceOf, scanOptions } from '../scan-options.ts';

/** `icecore findings`: what is wrong in a container, how sure that is, and where the bytes are that show it. */
export const findings = command({
  name: 'findings',
  summary: 'Say what is wrong in the container of an archive: incidents, each finding with its evidence, and what could not be judged.',
  arguments: 'ARCHIVE…',
  count: [1, 1000],
  options: {
    brief: { type: 'boolean', summary: 'incidents and their findings alone' },
    json: { type: 'boolean', summary: 'as JSON, one object an archive' },
    ...scanOptions,
    ...evidenceOptions,
  },
  examples: [
    ['icecore findings samples/podman-attack.tar.zst', 'what happened in this container, and the proof'],
    ['icecore findings --indicators iocs.txt capture.tar', 'look for your own indicators too'],
  ],
  async run({ arguments: paths, options, terminal }) {
    let code: ExitCode = exitCodes.no;
    const choice = await scanChoiceOf(options);
    const keyBytes = knownSecretKey(secretKeyPath());
    for (const path of paths) {
      await using evidence = await openEvidence(path, options.parent, terminal);
      const captureId = captureIdOf(await sha256OfSource(evidence.file));
      const { detection, gaps } = await examineEvidence(evidence, { ...choice, keyBytes, captureId, parents: options.parent ?? [] }, terminal);
      if (options.json === true) await terminal.json(toJson({ path, captureId, ...detection }));
      else {
        const lines = [...headLines(evidence, terminal), ...verdictLines(detection, terminal, path)];
        await terminal.line([...lines, '', ...(options.brief === true ? [] : findingLines(detection, terminal, path))].join('\n'));
      }
      const damage = reportDamage([...evidence.snapshot.gaps, ...gaps], terminal);
      if (damage !== exitCodes.done) code = damage;
      else if (code === exitCodes.no && detection.findings.some(({ severity }) => severityId(severity) >= 2)) code = exitCodes.done;
    }
    return code;
  },
});
