import { detector } from '../detector.ts';
import { commandLineOf, named } from '../programs.ts';

/** Programs that run from a copy of themselves in memory on purpose; a name alone proves nothing. */
const known = /^\/memfd:(?:runc_cloned:|crun_cloned:|sandboxed_api|bazel-)/;

export const memfdExecution = detector({
  id: 'memfd-execution',
  signal: 'S1',
  title: 'Program that lives in memory alone',
  version: 2,
  techniques: ['T1620'],
  severity: 'critical',
  category: 'attack',
  needs: [],
  falsePositives: 'container runtimes that clone themselves (runc_cloned), some sandboxes and installers',
  *detect({ snapshot, files }) {
    for (const process of snapshot.processes) {
      const { executable, pid } = process;
      if (executable?.type !== 'MEMFD') continue;
      const content = files.find((file) => file.origin === 'memfd' && file.path === executable.name && file.pids.includes(pid));
      const sha256 = content?.sha256;
      yield {
        pid,
        summary: `${named(process)} runs ${executable.name}, a program that no file system holds`,
        confidence: known.test(executable.name) ? 'low' : 'high',
        evidence: [
          { what: 'executable in memory', pid, path: executable.name, image: content?.entry ?? 'memfd.img', ...(executable.size === undefined ? {} : { length: Number(executable.size) }), ...(sha256 === undefined ? {} : { value: `sha256 ${sha256}` }) },
          { what: 'command line', pid, value: commandLineOf(process), image: `mm-${pid}.img` },
        ],
        facts: { executable: executable.name, command_line: commandLineOf(process), ...(sha256 === undefined ? {} : { sha256 }) },
        key: `exe ${pid}`,
      };
    }
  },
});
