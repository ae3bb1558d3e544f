import type { Compression } from '@icecore/archive';
import { hex } from '@icecore/bytes';
import { z } from 'zod';
import type { Redaction } from './redaction.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const file = z.strictObject({ sha256, bytes: z.number().int().nonnegative() });
const place = z.strictObject({ entry: z.string(), offset: z.number().int().nonnegative(), bytes: z.number().int().positive() });
const removed = z.intersection(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('secret'), rule: z.string(), hmac: z.string() }),
    z.object({ kind: z.literal('region'), pid: z.number().int(), start: z.string(), end: z.string(), hmac: z.string() }),
    z.object({ kind: z.literal('file'), path: z.string(), hmac: z.string() }),
  ]),
  z.object({ places: z.array(place), place_count: z.number().int() }),
);

/** What a redacted copy is of, and what it lacks: it holds no value, only places and HMACs under the tenant's key. */
const manifest = z.strictObject({
  format: z.literal('icecore.redaction/1'),
  /** The archive that the copy is of. */
  parent: file,
  /** The copy itself; not in the manifest that lies in it, for no file holds its own hash. */
  copy: file.optional(),
  compression: z.string(),
  /** Which key the HMACs are under. */
  hmac_key_id: z.string(),
  removed: z.array(removed),
  /** What a search of the copy does not reach. */
  not_searched: z.array(z.string()),
});
export type RedactionManifest = z.infer<typeof manifest>;

/** Most places of one thing that are listed; `place_count` has them all. */
const maxListed = 1000;

export function redactionManifest(redaction: Redaction, parent: RedactionManifest['parent'], hmacKeyId: string): RedactionManifest {
  const compression: Compression = redaction.compression;
  return {
    format: 'icecore.redaction/1',
    parent,
    compression,
    hmac_key_id: hmacKeyId,
    removed: redaction.items.map((item, i) => {
      const places = redaction.placesOf(i);
      const thing = item.kind === 'region' ? { ...item, start: hex(item.start), end: hex(item.end) } : item;
      return { ...thing, places: places.slice(0, maxListed), place_count: places.length };
    }),
    not_searched: ['compressed files within the container’s own file systems', 'texts in encodings other than UTF-8, UTF-16LE, JSON and base64', 'values of fewer than 8 characters, or of small letters alone, beside the places they were recognised at'],
  };
}

/** Reads a manifest; throws a `z.ZodError` for anything else. */
export function parseRedactionManifest(value: unknown): RedactionManifest {
  return manifest.parse(value);
}
