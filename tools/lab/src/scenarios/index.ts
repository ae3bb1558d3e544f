import type { Scenario } from '../scenario.ts';
import { memfdExec } from './01-memfd-exec.ts';
import { memfdLibrary } from './02-memfd-library.ts';
import { deletedExecutable } from './03-deleted-executable.ts';
import { deletedLog } from './04-deleted-log.ts';
import { writableCode } from './05-writable-code.ts';
import { flippedCode } from './06-flipped-code.ts';
import { hook } from './07-hook.ts';
import { ncShell } from './08-nc-shell.ts';
import { pythonShell } from './09-python-shell.ts';
import { typedShell } from './10-typed-shell.ts';
import { kernelName } from './11-kernel-name.ts';
import { preload } from './12-preload.ts';
import { cron } from './13-cron.ts';
import { authorizedKeys } from './14-authorized-keys.ts';
import { account } from './15-account.ts';
import { setuid } from './16-setuid.ts';
import { packetSocket } from './17-packet-socket.ts';
import { packetFilter } from './18-packet-filter.ts';
import { exampleKeys } from './19-example-keys.ts';
import { secrets } from './19-secrets.ts';
import { miner } from './20-miner.ts';
import { minerInMemory } from './20-miner-in-memory.ts';
import { engineSocket } from './21-engine-socket.ts';
import { gainedRoot } from './21-gained-root.ts';
import { hostPid } from './21-host-pid.ts';
import { hostRoot } from './21-host-root.ts';
import { privileged } from './21-privileged.ts';
import { execd } from './22-execd.ts';
import { refusedBpf } from './22-refused-bpf.ts';
import { refusedIoUring } from './22-refused-io-uring.ts';
import { refusedPerf } from './22-refused-perf.ts';
import { refusedPtrace } from './22-refused-ptrace.ts';
import { refusedSecretmem } from './22-refused-secretmem.ts';
import { refusedUffd } from './22-refused-uffd.ts';
import { node } from './23-node.ts';
import { java } from './24-java.ts';
import { nginx } from './30-nginx.ts';
import { redis } from './31-redis.ts';
import { postgres } from './32-postgres.ts';
import { pythonServer } from './33-python-server.ts';
import { developer } from './35-developer.ts';
import { perlShell } from './40-perl-shell.ts';
import { socatTunnel } from './41-socat-tunnel.ts';
import { memfdPython } from './42-memfd-python.ts';
import { auditLibrary } from './43-audit-library.ts';
import { deletedLibrary } from './44-deleted-library.ts';
import { persistence } from './45-persistence.ts';
import { chisel } from './46-chisel.ts';
import { otherMemory } from './47-other-memory.ts';
import { webShell } from './48-web-shell.ts';
import { bindShell } from './49-bind-shell.ts';
import { pipedShell } from './50-piped-shell.ts';
import { nodeShell } from './51-node-shell.ts';
import { loadedElf } from './52-loaded-elf.ts';
import { dropped } from './53-dropped.ts';
import { history } from './54-history.ts';
import { javaWebShell } from './60-java-web-shell.ts';
import { busyboxShell } from './61-busybox-shell.ts';
import { socatShell } from './62-socat-shell.ts';
import { tlsShell } from './63-tls-shell.ts';
import { writtenCode } from './64-written-code.ts';
import { deletedScript } from './65-deleted-script.ts';
import { memfdPerl } from './66-memfd-perl.ts';
import { quietMiner } from './67-quiet-miner.ts';
import { dnsSender } from './68-dns-sender.ts';
import { lockedFiles } from './69-locked-files.ts';
import { userPersistence } from './70-user-persistence.ts';
import { staged } from './71-staged.ts';
import { ownMounts } from './72-own-mounts.ts';
import { preloadList } from './73-preload-list.ts';
import { sharedMemoryScript } from './74-shared-memory-script.ts';
import { ownCode } from './75-own-code.ts';
import { tokenReader } from './76-token-reader.ts';
import { kubectl } from './77-kubectl.ts';
import { startHooks } from './78-start-hooks.ts';
import { descriptorShell } from './79-descriptor-shell.ts';
import { javaServer } from './80-java-server.ts';
import { buildJob } from './81-build-job.ts';
import { packageRun } from './82-package-run.ts';
import { callbacks } from './83-callbacks.ts';
import { busyPostgres } from './84-busy-postgres.ts';
import { prefork } from './85-prefork.ts';
import { upgraded } from './86-upgraded.ts';
import { healthCheck } from './87-health-check.ts';
import { unpackedLibrary } from './88-unpacked-library.ts';

/** Every scenario, in the order of their names. */
export const allScenarios: readonly Scenario[] = [
  memfdExec,
  memfdLibrary,
  deletedExecutable,
  deletedLog,
  writableCode,
  flippedCode,
  hook,
  ncShell,
  pythonShell,
  typedShell,
  kernelName,
  preload,
  cron,
  authorizedKeys,
  account,
  setuid,
  packetSocket,
  packetFilter,
  exampleKeys,
  secrets,
  miner,
  minerInMemory,
  engineSocket,
  gainedRoot,
  hostPid,
  hostRoot,
  privileged,
  execd,
  refusedBpf,
  refusedIoUring,
  refusedPerf,
  refusedPtrace,
  refusedSecretmem,
  refusedUffd,
  node,
  java,
  nginx,
  redis,
  postgres,
  pythonServer,
  developer,
  perlShell,
  socatTunnel,
  memfdPython,
  auditLibrary,
  deletedLibrary,
  persistence,
  chisel,
  otherMemory,
  webShell,
  bindShell,
  pipedShell,
  nodeShell,
  loadedElf,
  dropped,
  history,
  javaWebShell,
  busyboxShell,
  socatShell,
  tlsShell,
  writtenCode,
  deletedScript,
  memfdPerl,
  quietMiner,
  dnsSender,
  lockedFiles,
  userPersistence,
  staged,
  ownMounts,
  preloadList,
  sharedMemoryScript,
  ownCode,
  tokenReader,
  kubectl,
  startHooks,
  descriptorShell,
  javaServer,
  buildJob,
  packageRun,
  callbacks,
  busyPostgres,
  prefork,
  upgraded,
  healthCheck,
  unpackedLibrary,
];
