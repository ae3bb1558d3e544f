import { valuesOf } from '@icecore/snapshot';
import { detector } from '../detector.ts';
import { isProgramFolder, isSuspiciouslyHidden, isWritableFolder } from '../places.ts';
import { commandLineOf, isProgram, named } from '../programs.ts';

/** Package managers and the like: what they bring along is expected to be new. */
const packages = /^\/(?:usr\/(?:local\/)?lib\/node_modules|root\/\.(?:npm|cache|nvm|cargo|rustup)|home\/[^/]+\/\.(?:npm|cache|nvm|cargo)|opt\/(?:venv|conda)|var\/lib\/(?:dpkg|apk))\//;

/** What programs are made of, and what says how. */
const sources = /\.(?:c|cc|cpp|cxx|h|hpp|rs|go|zig|o|obj|rlib|swift|f90|asm|s)$|\/(?:Makefile|CMakeLists\.txt|Cargo\.toml|go\.mod|build\.ninja|meson\.build|configure)$/i;

/** Its sources came too, in its folder or one above it: it may have been built here. Not told of folders that anybody writes to, or that programs are found in. */
function mayBeBuilt(path: string, added: Iterable<string>): boolean {
  if (isWritableFolder(path) || isProgramFolder(path) || isSuspiciouslyHidden(path)) return false;
  const [, top = ''] = path.split('/');
  for (const each of added) {
    const folder = each.slice(0, each.lastIndexOf('/') + 1);
    if (sources.test(each) && folder.length > top.length + 1 && path.startsWith(folder)) return true;
  }
  return false;
}

export const droppedProgram = detector({
  id: 'dropped-program',
  signal: 'S58',
  title: 'Program that is not of the image',
  version: 2,
  techniques: ['T1105'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'workloads that install or update themselves when they start (npx, pip, downloads of entrypoints); builds that run what they made',
  *detect({ snapshot, files }) {
    const added = new Map(files.filter(({ origin, change, type }) => origin === 'rootfs' && change === 'present' && type === 'file').map((file) => [file.path, file]));
    const updated = files.some(({ path, change }) => change === 'present' && /^\/(?:var\/lib\/dpkg\/status|lib\/apk\/db\/installed)$/.test(path));
    for (const process of snapshot.processes) {
      const { executable, pid } = process;
      const file = executable === undefined ? undefined : added.get(executable.name);
      if (executable !== undefined && file !== undefined && !executable.deleted) {
        const built = mayBeBuilt(executable.name, added.keys());
        yield {
          pid,
          summary: `${named(process)} runs ${executable.name}, which was put into the container after it started${built ? ', as were sources that it may have been built from' : ''}`,
          confidence: packages.test(executable.name) || built ? 'low' : updated ? 'medium' : 'high',
          evidence: [{ what: 'changed file', pid, path: file.path, image: file.entry, length: file.size, ...(file.sha256 === undefined ? {} : { value: `sha256 ${file.sha256}` }) }],
          facts: { executable: executable.name, ...(file.sha256 === undefined ? {} : { sha256: file.sha256 }) },
          key: `exe ${pid}`,
        };
      }
      const line = valuesOf(process.arguments).join(' ');
      const piped = isProgram(process, 'shell') && /(?:curl|wget)\b[^|;]{0,300}\|\s*(?:sudo\s+)?(?:ba|da|z|a)?sh\b/.test(line);
      if (piped || (isProgram(process, 'downloader') && /\.(?:sh|elf|bin|so|py|pl)(?:\s|$|\?)|\/tmp\/|\/dev\/shm\//.test(line))) {
        yield {
          pid,
          summary: `${named(process)} fetches a program${piped ? ' and runs it' : ''}`,
          confidence: piped ? 'high' : 'medium',
          evidence: [{ what: 'command line', pid, value: commandLineOf(process), image: `mm-${pid}.img` }],
          key: `download ${pid}`,
        };
      }
    }
  },
});
