import { valuesOf } from '@icecore/snapshot';
import { detector } from '../detector.ts';
import { baseName, isProgram, plainProgramName } from '../programs.ts';

/** Programs that are called by many names, or change their name as they work. */
const manyNames = /^(?:busybox|toybox|coreutils|sbase-box|perl|python|ruby|node|php|java|vim|gawk|mawk|systemctl|lvm|mksh|bash|dash|sh|gunicorn|multipath|dropbearmulti|uutils)/;

/** Names that a program is rightly called by though its comm is its own: `/proc/self/exe`, systemd as `/sbin/init`. */
const ownChoice = /^(?:exe|init)$/;

export const renamedProgram = detector({
  id: 'renamed-program',
  signal: 'S15',
  title: 'Program under another name',
  version: 1,
  techniques: ['T1036.003', 'T1036.004'],
  severity: 'medium',
  category: 'attack',
  needs: [],
  falsePositives: 'links to programs of many names, titles that servers give their processes (nginx, postgres)',
  *detect({ snapshot }) {
    for (const process of snapshot.processes) {
      const { executable, comm, pid } = process;
      const called = valuesOf(process.arguments)[0];
      if (executable === undefined || called === undefined || called === '' || executable.type === 'MEMFD') continue;
      const program = baseName(executable.name);
      const name = baseName(called.replace(/^-/, '').split(/[\s:]/)[0] ?? '');
      // A title such as `nginx: worker` names the program itself; a script is called by its interpreter.
      if (manyNames.test(program) || isProgram(process, 'interpreter') || name === '' || called.startsWith('[')) continue;
      if (sameProgram(program, name) || (sameProgram(program, comm) && ownChoice.test(name))) continue;
      if (called.includes(':') && plainProgramName(program).startsWith(name)) continue;
      // What was started through a link has the link's name as its comm, and nothing to hide by it.
      const linked = comm.slice(0, 15) === name.slice(0, 15) && executable.name.startsWith('/usr/');
      yield {
        pid,
        summary: `process ${pid} calls itself ${called} and is ${executable.name}`,
        confidence: linked ? 'low' : 'medium',
        evidence: [{ what: 'name and executable', pid, path: executable.name, value: called, image: `mm-${pid}.img` }],
        facts: { name: called, executable: executable.name, comm },
        key: `name ${pid}`,
      };
    }
  },
});

function sameProgram(program: string, name: string): boolean {
  const [a, b] = [plainProgramName(program).toLowerCase(), plainProgramName(name).toLowerCase()];
  return a === b || a.startsWith(b.slice(0, 15)) || b.startsWith(a) || a.replace(/[^a-z]/g, '').startsWith(b.replace(/[^a-z]/g, '') || '-');
}
