/** A JSON value, which is all that passes between states. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Most bytes that a state may take or give, as UTF-8 JSON (AWS Step Functions, quotas: 256 KiB). */
export const maxPayloadBytes = 256 * 1024;
