import { DamageError, decodeText, formatBytes, untilNul } from '@icecore/bytes';
import { type ArchiveLimits } from '../limits.ts';
import { addPax, type Attributes } from './attributes.ts';

/** A budget of bytes that headers may make us keep. */
export interface Budget {
  /** Takes from it; throws a `limit` where it is spent. */
  charge(bytes: number): void;
}

/** What a member that describes others (long name, pax header) says, kept until the entry it belongs to. */
export interface Metadata {
  /** True for a type flag that this takes. */
  takes(typeflag: string): boolean;
  /** `onFault` hears of what cannot be read; the rest of the body counts. */
  add(typeflag: string, body: Uint8Array, onFault: (error: DamageError) => void): void;
  /** What was said of the next entry; the global pax headers stay. */
  take(): Attributes;
}

export function metadataBudget(limits: ArchiveLimits): Budget {
  let left = limits.maxTotalMetadataBytes;
  return {
    charge(bytes) {
      left -= bytes;
      if (left < 0) throw new DamageError('limit', `more than ${formatBytes(limits.maxTotalMetadataBytes)} of names and attributes`);
    },
  };
}

export function tarMetadata(): Metadata {
  let globals: Attributes = {};
  let next: Attributes | undefined;
  let longName: string | undefined;
  let longLink: string | undefined;
  const readers: Readonly<Record<string, (body: Uint8Array, onFault: (error: DamageError) => void) => void>> = {
    L: (body) => (longName = decodeText(untilNul(body))),
    K: (body) => (longLink = decodeText(untilNul(body))),
    x: (body, onFault) => addPax((next ??= {}), body, onFault),
    X: (body, onFault) => addPax((next ??= {}), body, onFault),
    g: (body, onFault) => addPax((globals = { ...globals, extendedAttributes: undefined, sparse: undefined }), body, onFault),
  };
  return {
    takes: (typeflag) => Object.hasOwn(readers, typeflag),
    add: (typeflag, body, onFault) => readers[typeflag]?.(body, onFault),
    take() {
      if (next === undefined && longName === undefined && longLink === undefined) return globals;
      const taken: Attributes = { ...globals };
      if (longName !== undefined) taken.path = longName;
      if (longLink !== undefined) taken.linkPath = longLink;
      Object.assign(taken, next);
      next = longName = longLink = undefined;
      return taken;
    },
  };
}
