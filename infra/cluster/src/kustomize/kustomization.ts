import { z } from 'zod';
import { KustomizeError } from './object.ts';

const path = z.string().min(1);
const target = z.strictObject({ group: z.string().optional(), version: z.string().optional(), kind: z.string().optional(), name: z.string().optional(), namespace: z.string().optional() });

/** The fields that our kustomizations use. Another is refused: it would be left out without a word. */
const schema = z.strictObject({
  apiVersion: z.enum(['kustomize.config.k8s.io/v1beta1', 'kustomize.config.k8s.io/v1alpha1']),
  kind: z.enum(['Kustomization', 'Component']),
  resources: z.array(path).default([]),
  components: z.array(path).default([]),
  patches: z.array(z.strictObject({ path, target: target.optional() })).default([]),
  images: z.array(z.strictObject({ name: z.string(), newName: z.string().optional(), digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) })).default([]),
  configMapGenerator: z
    .array(z.strictObject({ name: z.string(), namespace: z.string().optional(), files: z.array(z.string().regex(/^(?:[\w.-]+=)?[\w./-]+$/)), options: z.strictObject({ disableNameSuffixHash: z.literal(true) }) }))
    .default([]),
});

export type Kustomization = z.infer<typeof schema>;
export type PatchTarget = z.infer<typeof target>;

/** Throws a `KustomizeError` that names the field. */
export function parseKustomization(document: unknown, file: string): Kustomization {
  const read = schema.safeParse(document);
  if (read.success) return read.data;
  throw new KustomizeError(`${file}: ${read.error.issues.map(({ path: at, message }) => `${at.join('.') || 'kustomization'}: ${message}`).join('; ')}`);
}
