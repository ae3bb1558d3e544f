import { connect, createServer, type Server } from 'node:net';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often it is looked whether the one before has ended, in milliseconds. */
const lookAgainMs = 250;

/**
 * Waits until no other process of this node holds the folder, and holds it until this one ends, however it ends: two at once
 * would call the kubelet twice for one container. The kernel lets go of a socket when its process dies, and a socket in a
 * folder of the node is seen from every pod that mounts it.
 */
export async function soleHolder(folder: string, onWait: () => void, signal: AbortSignal): Promise<Server | undefined> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'holder.sock');
  for (let waited = 0; !signal.aborted; waited += 1) {
    const server = await listen(path);
    if (server !== undefined) return server;
    if (await answers(path)) {
      if (waited === 0) onWait();
      await sleep(lookAgainMs, undefined, { signal }).catch(() => undefined);
    } else await rm(path, { force: true });
  }
  return undefined;
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', (error) => ('code' in error && error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(path, () => resolve(server));
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
