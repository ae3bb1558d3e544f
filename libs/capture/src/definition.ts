import { z } from 'zod';
import { captureApi, captureSchemas } from './resource.ts';

type Json = Readonly<Record<string, unknown>>;

/** Keywords that a structural schema of Kubernetes may have and that zod writes. */
const kept = new Set(['type', 'description', 'enum', 'pattern', 'format', 'minLength', 'maxLength', 'minimum', 'maximum', 'maxItems', 'required', 'default']);
/** What zod writes and a structural schema may not have: there, unknown fields are dropped or refused by the server itself. */
const dropped = new Set(['$schema', 'propertyNames']);

/** Schema in the form that Kubernetes calls structural. Throws for a keyword that has no such form. */
function structural(schema: unknown): Json {
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(z.record(z.string(), z.unknown()).parse(schema))) {
    if (keyword === 'properties') result[keyword] = Object.fromEntries(Object.entries(z.record(z.string(), z.unknown()).parse(value)).map(([name, inner]) => [name, structural(inner)]));
    else if (keyword === 'items') result[keyword] = structural(value);
    else if (keyword === 'additionalProperties') {
      if (value !== false) result[keyword] = structural(value);
    } else if (kept.has(keyword)) result[keyword] = value;
    else if (!dropped.has(keyword)) throw new TypeError(`a structural schema has no ${keyword}`);
  }
  // Times are checked by their format; zod's pattern for them says the same at length.
  if (result['format'] === 'date-time') delete result['pattern'];
  return result;
}

const column = (name: string, type: string, jsonPath: string, description: string, priority = 0): Json => ({ name, type, jsonPath, description, priority });

/** The CustomResourceDefinition, rendered from the schemas that the code reads captures by. */
export function captureResourceDefinition(): Json {
  const { group, version, plural, singular, kind } = captureApi;
  const spec = structural(z.toJSONSchema(captureSchemas.spec, { io: 'input' }));
  const status = structural(z.toJSONSchema(captureSchemas.status, { io: 'input' }));
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular, shortNames: ['cap'], categories: ['icecore'] },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: 'One checkpoint of one container: asked for, taken, and sealed into the vault.',
              required: ['spec'],
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec: { ...spec, 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'what a capture is for does not change' }] },
                status,
              },
            },
          },
          subresources: { status: {} },
          selectableFields: [{ jsonPath: '.spec.target.node' }, { jsonPath: '.status.phase' }],
          additionalPrinterColumns: [
            column('Phase', 'string', '.status.phase', 'Where it stands'),
            column('Target', 'string', '.spec.subject', 'Namespace, pod and container'),
            column('Reason', 'string', '.status.reason', 'Why it ended, or waits'),
            column('Size', 'integer', '.status.archive.bytes', 'Bytes of the archive'),
            column('SHA256', 'string', '.status.archive.sha256', 'Hash of the archive'),
            column('Vault key', 'string', '.status.vault.key', 'Where the vault holds it'),
            column('Age', 'date', '.metadata.creationTimestamp', 'Since it was asked for'),
            column('Node', 'string', '.spec.target.node', 'Node of the container', 1),
            column('Finding', 'string', '.status.finding.reason', 'What stood against the checkpoint', 1),
            column('Why', 'string', '.spec.reason', 'What it was taken for', 1),
          ],
        },
      ],
    },
  };
}
