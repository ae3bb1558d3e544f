import { isLakeError } from '@icecore/lake';
import { redact } from '@icecore/secrets';
import type { z } from 'zod';
import type { stepInputs } from '../input.ts';
import type { PipelinePorts } from '../ports.ts';

/** Keeps why a capture could not be analysed, in the lake beside its tables, and tells it. What was written before stays. */
export async function quarantine({ name, tenant, evidence, failure }: z.infer<typeof stepInputs.quarantine>, ports: PipelinePorts): Promise<{ readonly record: string }> {
  const capture = evidence.kind === 'sealed' ? evidence.capture : evidence.archive;
  const { error, reason } = { error: failure.Error, reason: redact(reasonOf(failure.Cause), await ports.secretKey(tenant)) };
  const record = `quarantine/tenant=${tenant}/${name}.json`;
  // The first word stays: it tells when this evidence was first found bad.
  if (!(await isThere(ports, record))) {
    const told = { name, tenant, evidence, error, reason, tool: ports.tool, at: ports.clock().toISOString() };
    await ports.lake.writePart(record, new TextEncoder().encode(`${JSON.stringify(told, null, 2)}\n`));
  }
  await ports.notify({ kind: 'quarantined', name, capture, error, reason });
  return { record };
}

async function isThere({ lake }: PipelinePorts, path: string): Promise<boolean> {
  try {
    await lake.open(path);
    return true;
  } catch (error) {
    if (isLakeError(error) && error.code === 'missing') return false;
    throw error;
  }
}

/** The message in a cause: Lambda gives one as JSON with a message and a stack in it. */
function reasonOf(cause: string): string {
  try {
    const value: unknown = JSON.parse(cause);
    const message = typeof value === 'object' && value !== null && 'errorMessage' in value ? value.errorMessage : undefined;
    return typeof message === 'string' ? message : cause;
  } catch {
    return cause;
  }
}
