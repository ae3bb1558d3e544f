import { detector } from '../detector.ts';
import type { ExaminedFile } from '../examination.ts';
import { isElf, isScript, linesOf } from '../changed-files.ts';
import { isLog, isProgramFolder } from '../places.ts';
import { isUnpackedLibrary } from './library-from-writable-folder.ts';

/** Files that programs unlink as soon as they open them: theirs alone, and nothing to hide. */
const usual = /^\/(?:tmp|var\/tmp)\/(?:\.?(?:ZendSem|opcache|php|pgsql_tmp|ib|ML|MY|#sql|tmp|ffi|hsperfdata|lua_|node-compile|pymp-|sess_)|[^/]*\.(?:tmp|swp)$)|^\/dev\/(?:zero|shm\/(?:PostgreSQL|sem\.|pulse-shm|\.org\.chromium|mono|lttng|u1000))|^\/var\/lib\/(?:postgresql|mysql|redis|mongodb|clickhouse)\/|^\/var\/cache\/nginx\/|\/\.nfs[0-9a-f]+|^\/memfd:/;

/** How the content begins, where it is text, and its hash. */
function valueOf(file: ExaminedFile): { readonly value?: string } {
  const [line] = linesOf(file);
  const parts = [line === undefined ? undefined : `begins “${line.slice(0, 160)}”`, file.sha256 === undefined ? undefined : `sha256 ${file.sha256}`].filter((part) => part !== undefined);
  return parts.length === 0 ? {} : { value: parts.join(', ') };
}

export const deletedOpenFile = detector({
  id: 'deleted-open-file',
  signal: 'S12',
  title: 'File that was deleted while it is open',
  version: 3,
  techniques: ['T1070.004'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'temporary files of databases, log rotation, caches that are unlinked when they are opened; libraries that a package replaced',
  *detect({ files, snapshot }) {
    const executables = new Set(snapshot.processes.flatMap(({ executable }) => (executable?.deleted === true ? [executable.name] : [])));
    for (const file of files) {
      if (file.origin !== 'deleted' || executables.has(file.path)) continue;
      const program = isElf(file) || isScript(file);
      const log = isLog(file.path);
      const replaced = isProgramFolder(file.path) && files.some(({ path, change, origin }) => path === file.path && change === 'present' && origin === 'rootfs');
      const harmless = usual.test(file.path) && !program;
      const [pid] = file.pids;
      const process = pid === undefined ? undefined : snapshot.processes.find((each) => each.pid === pid);
      const expected = replaced || (process !== undefined && isUnpackedLibrary(process, file.path));
      yield {
        ...(pid === undefined ? {} : { pid }),
        summary: `${file.path} was deleted and is still open${process === undefined ? '' : ` in ${process.comm} (${process.pid})`}${log ? '; it is a log' : program ? '; it is a program' : ''}${replaced ? ', and another took its place' : ''}`,
        confidence: (program && !expected) || log ? 'medium' : 'low',
        ...(harmless ? { severity: 'informational' as const } : {}),
        evidence: [{ what: 'deleted file', path: file.path, image: file.entry, length: file.size, offset: 0, ...(pid === undefined ? {} : { pid }), ...valueOf(file) }],
        facts: { size: String(file.size), ...(file.sha256 === undefined ? {} : { sha256: file.sha256 }) },
        key: `deleted ${file.path} ${file.entry}`,
      };
    }
  },
});
