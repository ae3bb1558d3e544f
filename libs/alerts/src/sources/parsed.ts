import type { z } from 'zod';
import { MalformedAlert } from '../exact-json.ts';

/** The event as the schema says; throws `MalformedAlert` that names the first field that is otherwise. */
export function parsed<S extends z.ZodType>(schema: S, event: unknown, what: string): z.infer<S> {
  const result = schema.safeParse(event);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'it' : issue.path.join('.');
  throw new MalformedAlert(422, `${what}: ${place}: ${issue?.message ?? 'is not as it should be'}`);
}
