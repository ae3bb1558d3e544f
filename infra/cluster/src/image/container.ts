import { z } from 'zod';
import type { KubernetesObject } from '../kustomize/object.ts';

const text = z.string();
const source = z.looseObject({ fieldRef: z.object({ fieldPath: text }).optional() });
const securityContext = z.looseObject({ runAsUser: z.number().optional(), runAsGroup: z.number().optional(), fsGroup: z.number().optional() }).default({});
const workload = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        securityContext,
        containers: z
          .array(
            z.looseObject({
              args: z.array(text),
              env: z.array(z.object({ name: text, value: text.optional(), valueFrom: source.optional() })).default([]),
              envFrom: z.array(z.looseObject({ configMapRef: z.object({ name: text }).optional() })).default([]),
              volumeMounts: z.array(z.object({ name: text, mountPath: text, readOnly: z.boolean().default(false) })).default([]),
              securityContext,
            }),
          )
          .length(1),
      }),
    }),
  }),
});
const configMap = z.looseObject({ data: z.record(text, text) });

/** What a manifest gives to the container of a role. */
export interface ManifestContainer {
  readonly user: number;
  readonly group: number;
  /** Further group of the process, which mounted secrets belong to. */
  readonly fsGroup: number | undefined;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly { readonly volume: string; readonly path: string; readonly readOnly: boolean }[];
}

/** Reads it from rendered manifests. `fields` are what the downward API would say, by path; secrets are not in manifests, and so not in `env`. */
export function manifestContainer(objects: readonly KubernetesObject[], kind: 'Deployment' | 'DaemonSet', name: string, fields: Readonly<Record<string, string>>): ManifestContainer {
  const body = (wantedKind: string, wanted: string): unknown => objects.find((each) => each.kind === wantedKind && each.name === wanted)?.body;
  const pod = workload.parse(body(kind, name)).spec.template.spec;
  const [container] = pod.containers;
  if (container === undefined) throw new Error(`${kind} ${name} has no container`);
  const env: Record<string, string> = {};
  for (const { configMapRef } of container.envFrom) if (configMapRef !== undefined) Object.assign(env, configMap.parse(body('ConfigMap', configMapRef.name)).data);
  for (const { name: variable, value, valueFrom } of container.env) env[variable] = value?.replaceAll(/\$\((\w+)\)/g, (reference, other: string) => env[other] ?? reference) ?? fields[valueFrom?.fieldRef?.fieldPath ?? ''] ?? '';
  const own = { ...pod.securityContext, ...container.securityContext };
  return {
    user: own.runAsUser ?? 0,
    group: own.runAsGroup ?? own.runAsUser ?? 0,
    fsGroup: pod.securityContext.fsGroup,
    args: container.args,
    env,
    mounts: container.volumeMounts.map(({ name: volume, mountPath, readOnly }) => ({ volume, path: mountPath, readOnly })),
  };
}
