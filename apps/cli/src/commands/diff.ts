import { compareSnapshots, isEmpty } from '@icecore/difference';
import { command } from '../command.ts';
import { evidenceOptions, openEvidence, reportDamage } from '../evidence.ts';
import { exitCodes } from '../exit-codes.ts';
import { differenceLines, maskedDifference } from '../render/difference.ts';
import { toJson } from '../render/snapshot-json.ts';

/** `icecore diff`: what changed between two checkpoints. */
export const diff = command({
  name: 'diff',
  summary: 'Compare two archives: processes, threads, files, sockets, memory, environment, credentials, changed files.',
  arguments: 'BEFORE AFTER',
  count: [2, 2],
  options: {
    'no-memory': { type: 'boolean', summary: 'do not compare the content of memory' },
    'no-files': { type: 'boolean', summary: 'do not compare the content of files' },
    json: { type: 'boolean', summary: 'as JSON' },
    ...evidenceOptions,
  },
  examples: [['icecore diff before.tar after.tar', 'exit code 1 where they differ']],
  async run({ arguments: [before = '', after = ''], options, terminal }) {
    await using first = await openEvidence(before, undefined, terminal);
    await using second = await openEvidence(after, options.parent, terminal);
    terminal.progress('comparing');
    const difference = await compareSnapshots(first.snapshot, second.snapshot, { memory: options['no-memory'] !== true, files: options['no-files'] !== true });
    terminal.progress(undefined);
    if (options.json === true) await terminal.json(toJson(maskedDifference(difference)));
    else await terminal.line(differenceLines(maskedDifference(difference), terminal).join('\n'));
    const code = reportDamage([...first.snapshot.gaps, ...second.snapshot.gaps], terminal);
    return code === exitCodes.done && !isEmpty(difference) ? exitCodes.no : code;
  },
});
