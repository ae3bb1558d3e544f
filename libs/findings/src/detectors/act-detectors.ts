import type { Detector } from '../detector.ts';
import { anonymousCode } from './anonymous-code.ts';
import { bindShell } from './bind-shell.ts';
import { brokenProcessTree } from './broken-process-tree.ts';
import { cryptominer } from './cryptominer.ts';
import { deletedExecutable } from './deleted-executable.ts';
import { dnsTunnel } from './dns-tunnel.ts';
import { droppedProgram } from './dropped-program.ts';
import { filelessStorage } from './fileless-storage.ts';
import { gainedPrivileges } from './gained-privileges.ts';
import { injectedElf } from './injected-elf.ts';
import { interpreterOneLiner } from './interpreter-one-liner.ts';
import { kernelThreadMasquerade } from './kernel-thread-masquerade.ts';
import { libraryFromWritableFolder } from './library-from-writable-folder.ts';
import { memfdExecution } from './memfd-execution.ts';
import { memfdLibrary } from './memfd-library.ts';
import { missingProcess } from './missing-process.ts';
import { networkScan } from './network-scan.ts';
import { ownNamespace } from './own-namespace.ts';
import { packetSocket, socketFilter } from './packet-socket.ts';
import { patchedCode } from './patched-code.ts';
import { pipedShell } from './piped-shell.ts';
import { programFromOddPlace } from './program-from-odd-place.ts';
import { remoteAccessTool } from './remote-access-tool.ts';
import { renamedProgram } from './renamed-program.ts';
import { reverseShell } from './reverse-shell.ts';
import { shellOfDatabase, shellOfWebServer } from './shell-of-server.ts';
import { threadInInjectedCode } from './thread-in-injected-code.ts';
import { tunnel } from './tunnel.ts';
import { undumpableProcess } from './undumpable-process.ts';
import { unexpectedTerminal } from './unexpected-terminal.ts';
import { unusualConnection } from './unusual-connection.ts';
import { writableCode } from './writable-code.ts';

/** Detectors of what processes do: their programs, memory, shells and connections. */
export const actDetectors: readonly Detector[] = [
  memfdExecution,
  memfdLibrary,
  filelessStorage,
  injectedElf,
  writableCode,
  anonymousCode,
  patchedCode,
  libraryFromWritableFolder,
  threadInInjectedCode,
  deletedExecutable,
  programFromOddPlace,
  kernelThreadMasquerade,
  renamedProgram,
  brokenProcessTree,
  reverseShell,
  bindShell,
  pipedShell,
  interpreterOneLiner,
  unexpectedTerminal,
  missingProcess,
  shellOfWebServer,
  shellOfDatabase,
  cryptominer,
  unusualConnection,
  dnsTunnel,
  tunnel,
  socketFilter,
  packetSocket,
  networkScan,
  gainedPrivileges,
  ownNamespace,
  droppedProgram,
  undumpableProcess,
  remoteAccessTool,
];
