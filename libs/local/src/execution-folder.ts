import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { absent } from './folder-files.ts';
import { systemCode } from './system-error.ts';

/** After this time what a killed process left of an execution that nobody took up is removed, in milliseconds. */
const keptMs = 24 * 3600 * 1000;

/**
 * The folder in which an execution keeps what passes between its steps. It belongs to one process at a time, which its name
 * tells: two that analyse the same evidence at once do not meet. What a process left that was killed is taken
 * over by the next that runs the same execution. `home` is made; other folders there that nobody took up for a day are removed.
 */
export async function claimExecutionFolder(home: string, name: string): Promise<string> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const mine = join(home, `${name}.${await ownMark()}`);
  for (const found of await readdir(home)) {
    const [execution, host, pid, start] = found.split('.');
    if (host !== hostMark() || pid === undefined || start === undefined || (await isAlive(pid, start))) continue;
    const path = join(home, found);
    if (execution !== name) await sweep(path);
    else if (await take(path, mine)) return mine;
  }
  await mkdir(mine, { recursive: true, mode: 0o700 });
  return mine;
}

/** Removes the folder of an execution that has ended, and its home where it was the last. */
export async function dropExecutionFolder(home: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await rmdir(home).catch((error: unknown) => {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(systemCode(error) ?? '')) throw error;
  });
}

/** One of those that take the same folder gets it. */
async function take(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) return false;
    throw error;
  }
}

async function sweep(path: string): Promise<void> {
  const stats = await stat(path).catch(absent);
  if (stats !== undefined && Date.now() - stats.mtimeMs > keptMs) await rm(path, { recursive: true, force: true });
}

function hostMark(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

async function ownMark(): Promise<string> {
  return `${hostMark()}.${process.pid}.${(await startOf(String(process.pid))) ?? '0'}`;
}

async function isAlive(pid: string, start: string): Promise<boolean> {
  if (process.platform === 'linux') return (await startOf(pid)) === start;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}

/** When a process began, in clock ticks after boot, which tells it from a later one of its number (proc(5), `/proc/PID/stat`, field 22). */
async function startOf(pid: string): Promise<string | undefined> {
  if (!/^\d{1,10}$/.test(pid)) return undefined;
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch((error: unknown) => (systemCode(error) === 'ESRCH' ? undefined : absent(error)));
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}
