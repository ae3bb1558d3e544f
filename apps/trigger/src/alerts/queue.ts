import { type Alert, readAlerts } from '@icecore/alerts';
import type { Logger } from '../logger.ts';

/** Reads alerts from a queue of SQS; a message is gone from it when what it calls for is stored. Resolves when the signal is given. */
export async function readQueue(url: string, take: (alert: Alert, sha256: string) => Promise<void>, log: Logger, signal: AbortSignal): Promise<void> {
  const { receiveMessages } = await import('@icecore/aws');
  await receiveMessages(url, signal, {
    async onMessage(body) {
      const read = readAlerts(Buffer.from(body), 'application/json');
      if (read.outcome === 'refused') {
        // It stays, and the queue's redrive policy puts it where people look.
        log.warn({ reason: read.reason }, 'a message of the queue is no alert');
        return false;
      }
      for (const alert of read.alerts) await take(alert, read.sha256);
      return true;
    },
    onTrouble: (error) => log.warn({ error }, 'the queue had trouble and is read again'),
  });
}
