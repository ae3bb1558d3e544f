import { z } from 'zod';

const text = z.string().max(2000);
const schema = z.object({
  metadata: z.object({ name: text, labels: z.record(z.string(), z.string()).default({}) }),
  spec: z.object({ unschedulable: z.boolean().optional() }).default({}),
  status: z
    .object({
      nodeInfo: z.object({ kubeletVersion: text, containerRuntimeVersion: text, osImage: text.default(''), operatingSystem: text.default('linux'), kernelVersion: text.default('') }).optional(),
      conditions: z.array(z.object({ type: text, status: text, message: text.default('') })).default([]),
    })
    .default({ conditions: [] }),
});

/** A node as the API has it, as far as it bears on checkpoints. */
export type NodeObject = z.infer<typeof schema>;

/** Undefined for what is no node. */
export function parseNode(value: unknown): NodeObject | undefined {
  const read = schema.safeParse(value);
  return read.success ? read.data : undefined;
}

/** What was asked and what came of it: seen, or not and why. */
export type Sight<T> = { readonly seen: true; readonly value: T } | { readonly seen: false; readonly why: string };
export const sight = <T>(value: T): Sight<T> => ({ seen: true, value });
export const noSight = (why: string): Sight<never> => ({ seen: false, why });

/** Whether an account may do something, by the API server's own answer. */
export interface AccessAnswer {
  /** `create nodes/checkpoint`. */
  readonly what: string;
  readonly allowed: boolean;
}
