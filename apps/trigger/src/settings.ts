import { z } from 'zod';

/** A setting that is missing or cannot be followed; the message names it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const path = z.string().min(1);
const name = z.string().regex(/^[A-Za-z0-9._=-]{1,100}$/, 'may have letters, digits and . _ = -');
const address = z.string().regex(/^(?:\[[0-9a-f:]+\]|[\w.-]*):\d{1,5}$/i, 'is no HOST:PORT').transform((text) => {
  const split = text.lastIndexOf(':');
  return { host: text.slice(0, split).replace(/^\[|\]$/g, '') || '0.0.0.0', port: Number(text.slice(split + 1)) };
});
const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const common = {
  /** icecore's own namespace, where captures lie. */
  ICECORE_NAMESPACE: name.default('icecore'),
  /** Name of the cluster: part of every key in the vault. */
  ICECORE_CLUSTER: name,
  ICECORE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** How long a role may take to end what it is at when it is told to stop, in seconds. */
  ICECORE_DRAIN_SECONDS: whole(0, 600).default(20),
  /** Where traces go, by OTLP over HTTP; none are made where it is not set. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
};

const alertsSchema = z.object({
  ...common,
  ICECORE_LISTEN: address.default({ host: '0.0.0.0', port: 8443 }),
  /** Health and metrics, on a port of their own that senders do not reach. */
  ICECORE_HEALTH_LISTEN: address.default({ host: '0.0.0.0', port: 9090 }),
  ICECORE_POLICY: path.default('/etc/icecore/policy/policy.yaml'),
  /** PEM; without them the role speaks plain HTTP, which only a mesh or a test should ask for. */
  ICECORE_TLS_CERT: path.optional(),
  ICECORE_TLS_KEY: path.optional(),
  /** PEM of the authority whose client certificates are enough to raise alerts. */
  ICECORE_CLIENT_CA: path.optional(),
  /** File of bearer tokens, one a line. */
  ICECORE_TOKENS: path.optional(),
  /** Folder of keys that sign, each in a file whose name is the key's id. */
  ICECORE_HMAC_KEYS: path.optional(),
  /** Requests a second and sender, and how many more at once. */
  ICECORE_RATE: whole(1, 100_000).default(200),
  ICECORE_BURST: whole(1, 100_000).default(400),
  /** Queue of GuardDuty's findings. */
  ICECORE_SQS_URL: z.url().optional(),
  /** Heeds `kubectl annotate pod NAME icecore.dev/capture=REASON`. */
  ICECORE_ANNOTATIONS: flag.default(true),
});

const nodeSchema = z.object({
  ...common,
  ICECORE_HEALTH_LISTEN: address.default({ host: '0.0.0.0', port: 9091 }),
  /** Name of this node. */
  ICECORE_NODE: z.string().min(1).max(253),
  /** Account that owns the cluster: part of every key in the vault. */
  ICECORE_ACCOUNT: name.default('local'),
  ICECORE_CHECKPOINT_FOLDER: path.default('/var/lib/kubelet/checkpoints'),
  /** What is gathered beside archives lies here until it is sealed; a folder of the node. */
  ICECORE_STATE_FOLDER: path.default('/var/lib/icecore'),
  /** `s3://BUCKET/FOLDER`, or a folder. */
  ICECORE_VAULT: path,
  /** `put` where the role may put into the vault in S3 and neither read nor list: what it put is remembered in the state folder. */
  ICECORE_VAULT_ACCESS: z.enum(['read', 'put']).default('read'),
  /** File of the Ed25519 key that signs the ledger, made at the first use; or the next one. */
  ICECORE_SIGNING_KEY: path.optional(),
  /** Id or ARN of an asymmetric KMS key that signs the ledger. */
  ICECORE_KMS_SIGNING_KEY: z.string().optional(),
  ICECORE_KUBELET_VIA: z.enum(['kubelet', 'proxy']).default('kubelet'),
  ICECORE_KUBELET_URL: z.url({ protocol: /^https$/ }).optional(),
  ICECORE_KUBELET_CA: path.default('/var/run/secrets/kubernetes.io/serviceaccount/ca.crt'),
  ICECORE_KUBELET_TOKEN: path.default('/var/run/secrets/kubernetes.io/serviceaccount/token'),
  /** Name in the kubelet's certificate, where it is not the host of its URL. */
  ICECORE_KUBELET_SERVER_NAME: z.string().optional(),
  ICECORE_CHECKPOINT_SECONDS: whole(1, 3600).default(120),
  ICECORE_GRACE_SECONDS: whole(0, 600).default(10),
  ICECORE_MAX_ATTEMPTS: whole(1, 10).default(3),
  /** How far this role steps back for the node's workloads, as `nice` counts. */
  ICECORE_NICE: whole(0, 19).default(10),
  /** Captures that are worked on at once. */
  ICECORE_PARALLEL: whole(1, 64).default(4),
  /** What is done with archives that another left in the folder: sealed, sealed and removed, or left alone. */
  ICECORE_FOUND_ARCHIVES: z.enum(['seal', 'seal-and-remove', 'off']).default('seal'),
  ICECORE_FOUND_LOCK_DAYS: whole(1, 36_500).default(90),
  /** How often the node is looked at for what a capture needs, in seconds; `icecore doctor` and readiness tell what was seen. */
  ICECORE_REPORT_SECONDS: whole(1, 300).default(300),
  /** Free space below which the node does not count as ready, in bytes: `limits.freeBytes` of the policy. */
  ICECORE_FREE_BYTES: whole(0, Number.MAX_SAFE_INTEGER).default(2 * 2 ** 30),
  /** The node's root, as far as it is mounted: for `/proc`, cgroups, and CRIU's logs. */
  ICECORE_HOST_ROOT: path.optional(),
});

export type AlertsSettings = z.infer<typeof alertsSchema>;
export type NodeSettings = z.infer<typeof nodeSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

export function alertsSettings(env: Environment): AlertsSettings {
  const settings = parse(alertsSchema, env);
  if ((settings.ICECORE_TLS_CERT === undefined) !== (settings.ICECORE_TLS_KEY === undefined)) throw new SettingsError('ICECORE_TLS_CERT and ICECORE_TLS_KEY go together');
  if (settings.ICECORE_CLIENT_CA !== undefined && settings.ICECORE_TLS_CERT === undefined) throw new SettingsError('ICECORE_CLIENT_CA needs ICECORE_TLS_CERT');
  if (settings.ICECORE_CLIENT_CA === undefined && settings.ICECORE_TOKENS === undefined && settings.ICECORE_HMAC_KEYS === undefined) throw new SettingsError('nobody could raise an alert: set ICECORE_CLIENT_CA, ICECORE_TOKENS or ICECORE_HMAC_KEYS');
  return settings;
}

export function nodeSettings(env: Environment): NodeSettings {
  const settings = parse(nodeSchema, env);
  if ((settings.ICECORE_SIGNING_KEY === undefined) === (settings.ICECORE_KMS_SIGNING_KEY === undefined)) throw new SettingsError('set one of ICECORE_SIGNING_KEY and ICECORE_KMS_SIGNING_KEY');
  if (settings.ICECORE_KUBELET_VIA === 'kubelet' && settings.ICECORE_KUBELET_URL === undefined) throw new SettingsError('ICECORE_KUBELET_URL is not set: https://$(HOST_IP):10250');
  return settings;
}

/** Values are not told: some name secrets. */
function parse<T extends z.ZodType>(schema: T, env: Environment): z.infer<T> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new SettingsError(result.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('\n'));
}
