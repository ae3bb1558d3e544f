import { open } from 'node:fs/promises';
import { formatBytes } from '@icecore/bytes';
import { type CoreReport, writeCore } from '@icecore/coredump';
import { command } from '../command.ts';
import { toJson } from '../render/snapshot-json.ts';
import { evidenceOptions, openEvidence, processOf, reportDamage } from '../evidence.ts';

/** `icecore core`: a process as an ELF core file. */
export const core = command({
  name: 'core',
  summary: 'Write an ELF core file of a process, for gdb and other tools that read cores.',
  arguments: 'ARCHIVE PID',
  count: [2, 2],
  options: {
    output: { type: 'string', short: 'o', value: 'FILE', summary: 'where to write it (default core.PID); must not exist' },
    json: { type: 'boolean', summary: 'what was written, as JSON' },
    ...evidenceOptions,
  },
  examples: [['icecore core samples/podman-attack.tar.zst 23 && gdb -c core.23', 'look at process 23 in gdb']],
  async run({ arguments: [path = '', pid = ''], options, terminal }) {
    await using evidence = await openEvidence(path, options.parent, terminal);
    const process = processOf(evidence.snapshot, pid);
    const output = options.output ?? `core.${pid}`;
    const file = await open(output, 'wx', 0o600);
    let report: CoreReport;
    try {
      report = await writeCore(process, evidence.snapshot, {
        write: async (chunk) => void (await file.write(chunk)),
      });
    } finally {
      await file.close();
    }
    const { fileBytes, threadCount, coverage, gaps } = report;
    if (options.json === true) await terminal.json(toJson({ pid: process.pid, output, ...report }));
    else {
      await terminal.line(`${output}: ${formatBytes(fileBytes)}, ${threadCount} thread${threadCount === 1 ? '' : 's'}`);
      await terminal.line(`not in it, because not in the archive: ${formatBytes(coverage.inMappedFiles)} that are as in mapped files`);
      await terminal.line('gdb looks for mapped files on this machine: give it "set sysroot" with an empty folder, or with the image unpacked');
    }
    return reportDamage([...(process.memory?.gaps ?? []), ...gaps], terminal);
  },
});
