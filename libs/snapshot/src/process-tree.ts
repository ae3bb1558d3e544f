import type { Gap } from '@icecore/bytes';
import { imageTypes } from '@icecore/criu';
import type { ImageReader } from './image-reader.ts';

/** A process as `pstree.img` names it. */
export interface TreeNode {
  readonly pid: number;
  /** 0 for the root of the dump. */
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly threads: readonly number[];
}

export interface ProcessTree {
  /** In the order of the dump, each pid once. */
  readonly nodes: readonly TreeNode[];
}

/**
 * The processes of the dump. A pid that comes twice, a parent that is not there and a chain of parents that comes back
 * on itself are told as gaps; the processes stay, for they are evidence.
 */
export async function readProcessTree(images: ImageReader): Promise<ProcessTree> {
  const image = 'pstree.img';
  const nodes = new Map<number, TreeNode>();
  const problem = (pid: number, reason: string): Gap => ({ code: 'malformed', subject: `place of process ${pid}`, reason, place: { image } });
  for (const { message } of await images.read(image, imageTypes.PSTREE, 'process tree')) {
    const { pid, ppid, pgid, sid } = message;
    if (nodes.has(pid)) images.gaps.push(problem(pid, 'the tree names it twice'));
    else nodes.set(pid, { pid, ppid, pgid, sid, threads: message.threads.length === 0 ? [pid] : message.threads });
  }
  const sound = new Set<number>([0]);
  for (const { pid, ppid } of nodes.values()) {
    if (ppid !== 0 && !nodes.has(ppid)) images.gaps.push(problem(pid, `its parent ${ppid} is not in the tree`));
    else if (isCyclic(pid, nodes, sound)) images.gaps.push(problem(pid, 'it is its own ancestor'));
  }
  return { nodes: [...nodes.values()] };
}

function isCyclic(pid: number, nodes: ReadonlyMap<number, TreeNode>, sound: Set<number>): boolean {
  const path = new Set<number>();
  for (let each = pid; !sound.has(each); each = nodes.get(each)?.ppid ?? 0) {
    if (path.has(each)) return true;
    path.add(each);
  }
  for (const each of path) sound.add(each);
  return false;
}

/** Processes with their depth, parents before children; those without a sound parent stand at the root. */
export function inTreeOrder<T extends { readonly pid: number; readonly ppid: number }>(processes: readonly T[]): { process: T; depth: number }[] {
  const pids = new Set(processes.map(({ pid }) => pid));
  const children = new Map<number, T[]>();
  const roots: T[] = [];
  for (const process of processes) {
    if (process.ppid === process.pid || !pids.has(process.ppid)) roots.push(process);
    else {
      const siblings = children.get(process.ppid);
      if (siblings === undefined) children.set(process.ppid, [process]);
      else siblings.push(process);
    }
  }
  const ordered: { process: T; depth: number }[] = [];
  const placed = new Set<number>();
  const place = (start: T): void => {
    const waiting = [{ process: start, depth: 0 }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (placed.has(next.process.pid)) continue;
      placed.add(next.process.pid);
      ordered.push(next);
      const { depth } = next;
      const below = children.get(next.process.pid) ?? [];
      for (const process of below.toReversed()) waiting.push({ process, depth: depth + 1 });
    }
  };
  for (const root of roots) place(root);
  // What is left hangs in a circle of parents.
  for (const process of processes) place(process);
  return ordered;
}
