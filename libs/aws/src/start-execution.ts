import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { ExecutionInput } from '@icecore/pipeline';

/** Starts the analysis of a capture; `already` where one of this name runs or ran, which is as good. */
export async function startExecution({ client, stateMachineArn }: { readonly client: SFNClient; readonly stateMachineArn: string }, input: ExecutionInput): Promise<'started' | 'already'> {
  try {
    await client.send(new StartExecutionCommand({ stateMachineArn, name: input.name, input: JSON.stringify(input) }));
    return 'started';
  } catch (error) {
    if (error instanceof ExecutionAlreadyExists) return 'already';
    throw error;
  }
}
