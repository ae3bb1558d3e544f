import { createHash } from 'node:crypto';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Notice } from '@icecore/pipeline';
import { asking } from './s3-errors.ts';

/** Sends notices to a queue of SQS, as JSON. A queue of the kind FIFO drops one that is sent twice. */
export function sqsNotifier({ client, queueUrl }: { readonly client: SQSClient; readonly queueUrl: string }): (notice: Notice) => Promise<void> {
  return (notice) =>
    asking(queueUrl, async () => {
      const body = JSON.stringify(notice);
      const fifo = queueUrl.endsWith('.fifo') ? { MessageGroupId: notice.name, MessageDeduplicationId: createHash('sha256').update(body).digest('hex') } : {};
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, ...fifo }));
    });
}
