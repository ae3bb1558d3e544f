import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BesideEvidence, Capture } from '@icecore/capture';
import type { Cluster } from '@icecore/kubernetes';
import { z } from 'zod';
import { within } from '../../within.ts';
import { changedFiles } from './changed-files.ts';
import { type ListedProcess, processesOf } from './process-list.ts';

/** Largest log of a container that is taken, in bytes. */
const maxLogBytes = 8 << 20;
/** The freeze waits for no more than this, in milliseconds for each thing that is gathered. */
const itemMs = 5000;

/** What lies beside a capture until it is sealed. */
export interface KeptBeside {
  readonly side: readonly { readonly name: string; readonly kind: string; readonly bytes: Uint8Array }[];
  readonly gaps: readonly { readonly code: string; readonly subject: string; readonly reason: string }[];
}

export interface BesideFolder extends BesideEvidence {
  read(capture: Capture): Promise<KeptBeside>;
}

/** Kinds of what is gathered, by file name. */
const kinds: Readonly<Record<string, string>> = {
  'pod.json': 'pod, as the Kubernetes API had it before the freeze',
  'node.json': 'node, as the Kubernetes API had it',
  'events.json': 'events of the pod',
  'container.log': 'log of the container',
  'node-processes.json': 'processes of the container’s cgroup that the node saw before the freeze and after it',
  'changed-files.tar': 'files that the container changed, from its overlay',
  'changed-files-left-out.json': 'changed files that were not taken, and why',
};

const listSchema = z.array(z.object({ pid: z.number(), namespacePid: z.number(), startTime: z.string(), comm: z.string(), commandLine: z.string() }));
const gapSchema = z.object({ code: z.string(), subject: z.string(), reason: z.string() });

/** Gathers into a folder of the node, a folder a capture, so that a restart loses nothing of it. */
export function besideFolder(root: string, cluster: Cluster, hostRoot: string | undefined): BesideFolder {
  const folderOf = ({ metadata }: Capture): string => join(root, 'beside', `${metadata.name}-${metadata.uid}`);
  const keep = async (capture: Capture, name: string, gather: () => Promise<Uint8Array>): Promise<void> => {
    const path = join(folderOf(capture), name);
    if ((await readIf(path)) !== undefined) return;
    try {
      await writeWhole(path, await within(itemMs, gather()));
    } catch (error) {
      const gap = { code: 'not_captured', subject: name, reason: (error instanceof Error ? error.message : String(error)).slice(0, 1000) };
      await writeWhole(join(folderOf(capture), `${name}.gap`), json(gap));
    }
  };
  const root_ = (): string => {
    if (hostRoot === undefined) throw new Error('the node’s root is not mounted for this role');
    return hostRoot;
  };
  const processes = (capture: Capture): Promise<ListedProcess[]> => processesOf(root_(), capture.spec.target.containerId ?? '');

  return {
    async gather(capture, moment) {
      await mkdir(folderOf(capture), { recursive: true, mode: 0o700 });
      const { namespace, pod, container, node } = capture.spec.target;
      if (moment === 'before') {
        await Promise.all([
          keep(capture, 'pod.json', async () => json((await cluster.rawPod(namespace, pod)) ?? null)),
          keep(capture, 'node.json', async () => json((await cluster.rawNode(node)) ?? null)),
          keep(capture, 'events.json', async () => json(await cluster.podEvents(namespace, pod))),
          keep(capture, 'container.log', async () => Buffer.from(await cluster.podLog(namespace, pod, container, maxLogBytes))),
        ]);
        // What changes fastest is looked at last, just before the freeze; and anew at another try.
        await rm(join(folderOf(capture), 'processes-before.json'), { force: true });
        return keep(capture, 'processes-before.json', async () => json(await processes(capture)));
      }
      await keep(capture, 'node-processes.json', async () => json(bothTimes(listSchema.parse(JSON.parse((await readFile(join(folderOf(capture), 'processes-before.json'))).toString())), await processes(capture))));
      await keep(capture, 'changed-files.tar', async () => {
        const first = listSchema.parse(JSON.parse((await readFile(join(folderOf(capture), 'processes-before.json'))).toString()))[0];
        if (first === undefined) throw new Error('no process of the container was seen');
        const { tar, leftOut } = await changedFiles(root_(), first.pid);
        if (leftOut.length > 0) await writeWhole(join(folderOf(capture), 'changed-files-left-out.json'), json(leftOut));
        return tar;
      });
    },
    async read(capture) {
      const names = (await readdir(folderOf(capture)).catch(() => [])).sort();
      const side: KeptBeside['side'][number][] = [];
      const gaps: KeptBeside['gaps'][number][] = [];
      for (const name of names) {
        const kind = kinds[name];
        const bytes = await readFile(join(folderOf(capture), name));
        if (kind !== undefined) side.push({ name, kind, bytes });
        else if (name.endsWith('.gap') && name !== 'processes-before.json.gap' && !names.includes(name.slice(0, -4))) gaps.push(gapSchema.parse(JSON.parse(bytes.toString())));
      }
      return { side, gaps };
    },
    async discard(capture) {
      await rm(folderOf(capture), { recursive: true, force: true });
    },
  };
}

/** Processes that were there both times, and are the same: one that came or went in between would look like one that hides. */
function bothTimes(before: readonly ListedProcess[], after: readonly ListedProcess[]): ListedProcess[] {
  const later = new Set(after.map(({ pid, startTime }) => `${pid} ${startTime}`));
  return before.filter(({ pid, startTime }) => later.has(`${pid} ${startTime}`));
}

function json(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
}

async function readIf(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).catch(() => undefined);
}

/** Writes a file so that it is there whole or not at all. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
