import { z } from 'zod';

const oneOrMany = z.union([z.string(), z.array(z.string()).min(1)]).transform((given) => (typeof given === 'string' ? [given] : given));
const principal = z.union([z.literal('*'), z.partialRecord(z.enum(['AWS', 'Service', 'Federated']), oneOrMany)]);
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const values = z.union([scalar, z.array(scalar).min(1)]).transform((given) => (typeof given === 'string' ? [given] : given));

const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Principal: principal.optional(),
    NotPrincipal: principal.optional(),
    Action: oneOrMany.optional(),
    NotAction: oneOrMany.optional(),
    Resource: oneOrMany.optional(),
    NotResource: oneOrMany.optional(),
    Condition: z.record(z.string(), z.record(z.string(), values)).default({}),
  })
  .refine(({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined), 'needs one of Action and NotAction')
  .refine(({ Resource, NotResource }) => Resource === undefined || NotResource === undefined, 'has Resource and NotResource')
  .refine(({ Principal, NotPrincipal }) => Principal === undefined || NotPrincipal === undefined, 'has Principal and NotPrincipal');

const policy = z.strictObject({
  Version: z.literal('2012-10-17'),
  Id: z.string().optional(),
  Statement: z.union([statement.transform((one) => [one]), z.array(statement)]),
});

export type Statement = z.infer<typeof statement>;
export type Policy = z.infer<typeof policy>;
export type PrincipalElement = z.infer<typeof principal>;

/** Reads a policy of IAM. What the language does not have, and what is not simulated here, is an error. */
export function readPolicy(value: unknown): Policy {
  const parsed = policy.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`no policy that can be simulated: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
}
