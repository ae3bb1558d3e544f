import { detector } from '../detector.ts';
import { commandLineOf, named } from '../programs.ts';
import { isProgramFolder } from '../places.ts';

export const deletedExecutable = detector({
  id: 'deleted-executable',
  signal: 'S11',
  title: 'Program whose file was deleted',
  version: 1,
  techniques: ['T1070.004'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'a long-running program that was updated in place: then the package database is newer than the process',
  *detect({ snapshot, files }) {
    for (const process of snapshot.processes) {
      const { executable, pid } = process;
      if (executable === undefined || !executable.deleted || executable.type === 'MEMFD') continue;
      const updated = isProgramFolder(executable.name) && files.some(({ path }) => /^\/(?:var\/lib\/dpkg\/status|lib\/apk\/db\/installed|var\/lib\/rpm\/)/.test(path));
      const content = files.find(({ path, origin }) => origin === 'deleted' && path === executable.name);
      yield {
        pid,
        summary: `${named(process)} runs ${executable.name}, whose file was deleted`,
        confidence: updated ? 'low' : 'high',
        evidence: [
          { what: 'deleted executable', pid, path: executable.name, image: content?.entry ?? 'remap-fpath.img', ...(content === undefined ? {} : { length: content.size, offset: 0 }), ...(content?.sha256 === undefined ? {} : { value: `sha256 ${content.sha256}` }) },
          { what: 'command line', pid, value: commandLineOf(process), image: `mm-${pid}.img` },
        ],
        facts: { executable: executable.name, ...(content?.sha256 === undefined ? {} : { sha256: content.sha256 }) },
        key: `exe ${pid}`,
      };
    }
  },
});
