import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** Waits after a failure, the first and the longest, in milliseconds. */
const backoffMs: readonly [number, number] = [1000, 60_000];

export interface MessageHandler {
  /** True where the message is done with; else it comes again after its time, or is moved by the queue's redrive policy. */
  onMessage(body: string): Promise<boolean>;
  onTrouble(error: unknown): void;
}

/** Reads a queue of SQS until the signal, one message after the other. */
export async function receiveMessages(url: string, signal: AbortSignal, { onMessage, onTrouble }: MessageHandler, client = new SQSClient({})): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }), { abortSignal: signal });
      for (const { Body = '', ReceiptHandle } of Messages) {
        if (await onMessage(Body)) await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
      }
      failures = 0;
    } catch (error) {
      if (signal.aborted) break;
      onTrouble(error);
      await sleep(Math.min(backoffMs[1], backoffMs[0] * 2 ** Math.min(failures, 10)), undefined, { signal }).catch(() => undefined);
      failures += 1;
    }
  }
}
