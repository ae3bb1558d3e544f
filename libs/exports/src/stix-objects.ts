import { uuidOf } from './uuid.ts';

/** Namespace that STIX 2.1, section 2.9, sets for cyber observables; no other object may use it. */
const observableNamespace = '00abedb4-aa42-466c-9c01-fed23315a9b7';
/** Our own, for all other objects. */
const ownNamespace = '3d1f5c0e-6f0b-5a53-8a1c-52f0c6f2a9d4';

/** An observable: an address, a name, a file. */
export interface Observable {
  readonly type: 'ipv4-addr' | 'ipv6-addr' | 'domain-name' | 'url' | 'email-addr' | 'mac-addr' | 'file';
  readonly spec_version: '2.1';
  readonly id: string;
  readonly value?: string;
  readonly name?: string;
  readonly hashes?: Readonly<Record<string, string>>;
}

/** An observable that is its value. Its id is the same whoever makes it. */
export function valueObservable(type: Exclude<Observable['type'], 'file'>, value: string): Observable {
  return { type, spec_version: '2.1', id: `${type}--${uuidOf(observableNamespace, JSON.stringify({ value }))}`, value };
}

/** A file by its SHA-256, and its name where one is known. */
export function fileObservable(sha256: string, name?: string): Observable {
  const contributing = { hashes: { 'SHA-256': sha256 }, ...(name === undefined ? {} : { name }) };
  return { type: 'file', spec_version: '2.1', id: `file--${uuidOf(observableNamespace, JSON.stringify(contributing))}`, ...contributing };
}

/** A file by a hash in the forms that analysts paste. */
export function hashObservable(algorithm: 'MD5' | 'SHA-1' | 'SHA-256', hash: string): Observable {
  const contributing = { hashes: { [algorithm]: hash } };
  return { type: 'file', spec_version: '2.1', id: `file--${uuidOf(observableNamespace, JSON.stringify(contributing))}`, ...contributing };
}

/** The id of any other object: the same for the same type and name. */
export function ownId(type: string, name: string): string {
  return `${type}--${uuidOf(ownNamespace, `${type}\0${name}`)}`;
}

/** The pattern that matches an observable. */
export function patternOf({ type, value, hashes }: Observable): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (value !== undefined) return `[${type}:value = ${quoted(value)}]`;
  const parts = Object.entries(hashes ?? {}).map(([algorithm, hash]) => `file:hashes.${algorithm === 'MD5' ? 'MD5' : `'${algorithm}'`} = ${quoted(hash)}`);
  return `[${parts.join(' AND ')}]`;
}
