import type { Server } from 'node:net';

/** Keeps account of a server's connections, those among them whose handshake is not over; gives what closes the server and all of them. */
export function stopping(server: Server): () => Promise<void> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
}
