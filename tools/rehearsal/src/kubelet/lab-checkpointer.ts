import { chmod, copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Container, Lab } from '@icecore/lab';
import type { ContainerName } from './answers.ts';
import type { Checkpointer } from './checkpointer.ts';

export interface LabCheckpointerOptions {
  /** The lab's container that plays one of a pod. */
  container(name: ContainerName): Container | undefined;
  /** As `tcp-established` in the node's configuration of CRIU: live connections are kept. */
  readonly tcpEstablished: boolean;
  /** Told of each checkpoint: microseconds in which the container stood still, as CRIU counts. */
  readonly onTaken?: (name: ContainerName, frozenMicroseconds: number | undefined) => void;
}

/** Real checkpoints of containers in a lab, by podman and CRIU, plain as the kubelet's are. The containers go on. */
export function labCheckpointer(lab: Lab, { container, tcpEstablished, onTaken }: LabCheckpointerOptions): Checkpointer {
  return {
    async take(name, path) {
      const found = container(name);
      if (found === undefined) throw new Error(`container ${name.container} is not in the lab`);
      const { archive, failure, dumpLog, frozenTime } = await lab.checkpoint(found, { options: ['--compress=none', ...(tcpEstablished ? ['--tcp-established'] : [])] });
      if (archive === undefined) throw new Error(quoted(found.id, failure ?? '', dumpLog));
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await copyFile(archive, path);
      await chmod(path, 0o600);
      await rm(archive);
      onTaken?.(name, frozenTime);
    },
  };
}

/** The words of the engine and of CRIU's log, as CRI-O quotes them in the kubelet's answer. */
function quoted(id: string, failure: string, dumpLog: string): string {
  const errors = dumpLog.split('\n').filter((line) => line.includes('Error (')).map((line) => `time="${new Date().toISOString()}" level=warning msg="${line.replaceAll('"', '\\"')}"`);
  return [`failed to checkpoint container ${id}: ${failure.replaceAll('\n', ' ')}: criu failed`, ...errors].join('\n');
}
