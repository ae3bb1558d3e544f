import { open } from 'node:fs/promises';
import { writeCore } from '@icecore/coredump';
import { command } from '../command.ts';
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
    let bytes = 0;
    try {
      await writeCore(process, evidence.snapshot, {
        write: async (chunk) => {
          bytes += chunk.length;
          await file.write(chunk);
        },
      });
    } finally {
      await file.close();
    }
    if (options.json === true) await terminal.json({ pid: process.pid, output, bytes });
    else await terminal.line(`${output}: ${bytes} bytes, ${process.threads.length} threads`);
    return reportDamage(process.memory?.gaps ?? [], terminal);
  },
});
