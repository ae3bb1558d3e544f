import { MalformedAlert } from './exact-json.ts';

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const subdomain = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

/** A namespace or a container: an RFC 1123 label. Throws `MalformedAlert` (422) for what cannot be one. */
export function requireLabel(value: string, what: string): string {
  if (label.test(value)) return value;
  throw new MalformedAlert(422, `${what} ${quoted(value)} is not a name that Kubernetes allows`);
}

/** A pod or a node: an RFC 1123 subdomain. Throws `MalformedAlert` (422) for what cannot be one. */
export function requireSubdomain(value: string, what: string): string {
  if (subdomain.test(value)) return value;
  throw new MalformedAlert(422, `${what} ${quoted(value)} is not a name that Kubernetes allows`);
}

/** The value where it is a name; undefined where it is absent or a placeholder of the source (`<NA>`, `host`). */
export function presentText(value: unknown): string | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  if (typeof value !== 'string') return undefined;
  const trimmed = value.trim();
  return trimmed === '' || trimmed === '<NA>' || trimmed === 'N/A' || trimmed === 'null' ? undefined : trimmed;
}

/** Id of a container without the runtime's prefix; undefined for what is no id. `host` is how Falco names the node itself. */
export function containerIdOf(value: unknown): string | undefined {
  const id = presentText(value)?.replace(/^[a-z-]+:\/\//, '').toLowerCase();
  return id !== undefined && /^[0-9a-f]{12,64}$/.test(id) ? id : undefined;
}

/** A text of the source as it may be shown and stored: one line, at most 200 characters. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);
}
