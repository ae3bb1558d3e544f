import type { Detector } from '../detector.ts';
import { accountChange } from './account-change.ts';
import { changedProgram } from './changed-program.ts';
import { clearedLog } from './cleared-log.ts';
import { cloudMetadata } from './cloud-metadata.ts';
import { clusterAccess } from './cluster-access.ts';
import { coveredProcess } from './covered-process.ts';
import { credentialFiles } from './credential-files.ts';
import { deletedOpenFile } from './deleted-open-file.ts';
import { disabledAgent } from './disabled-agent.ts';
import { encodedCommand } from './encoded-command.ts';
import { environmentSecret } from './environment-secret.ts';
import { escapeConfiguration } from './escape-configuration.ts';
import { escapeFile } from './escape-file.ts';
import { exfiltration } from './exfiltration.ts';
import { hiddenFile } from './hidden-file.ts';
import { historySecret } from './history-secret.ts';
import { historyTampering } from './history-tampering.ts';
import { imageDrift } from './image-drift.ts';
import { kernelModule } from './kernel-module.ts';
import { leakedDescriptor } from './leaked-descriptor.ts';
import { linkerHijack } from './linker-hijack.ts';
import { nodeNamespace } from './node-namespace.ts';
import { partialCapture } from './partial-capture.ts';
import { passwordHashes } from './password-hashes.ts';
import { authorizedKeys, cronJob, pamChange, runtimeHook, shellProfile, startUnit, sudoRule } from './persistence-file.ts';
import { privateKey } from './private-key.ts';
import { processMemoryAccess } from './process-memory-access.ts';
import { ransomware } from './ransomware.ts';
import { refusedCapture } from './refused-capture.ts';
import { tracedProcess } from './traced-process.ts';
import { runtimeHookVariable } from './runtime-hook-variable.ts';
import { sensitiveWatch } from './sensitive-watch.ts';
import { serviceAccountToken } from './service-account-token.ts';
import { setuidFile } from './setuid-file.ts';
import { stagedArchive } from './staged-archive.ts';

/** Detectors of what the container holds and how it is set up: files, credentials, ways to the node, and what is missing. */
export const stateDetectors: readonly Detector[] = [
  deletedOpenFile,
  serviceAccountToken,
  cloudMetadata,
  credentialFiles,
  privateKey,
  environmentSecret,
  historySecret,
  processMemoryAccess,
  passwordHashes,
  linkerHijack,
  cronJob,
  startUnit,
  shellProfile,
  runtimeHook,
  runtimeHookVariable,
  pamChange,
  authorizedKeys,
  accountChange,
  setuidFile,
  sudoRule,
  changedProgram,
  escapeConfiguration,
  nodeNamespace,
  leakedDescriptor,
  escapeFile,
  clusterAccess,
  encodedCommand,
  historyTampering,
  disabledAgent,
  clearedLog,
  ransomware,
  hiddenFile,
  coveredProcess,
  sensitiveWatch,
  stagedArchive,
  exfiltration,
  kernelModule,
  tracedProcess,
  refusedCapture,
  partialCapture,
  imageDrift,
];
