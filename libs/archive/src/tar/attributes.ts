import { DamageError, decodeText, isDamageError } from '@icecore/bytes';
import { parseDecimal } from './number.ts';
import { type PaxRecord, paxRecords } from './pax.ts';

/** What long-name and pax headers say of the entry they precede. An own but undefined field takes a global one back. */
export interface Attributes {
  path?: string | undefined;
  linkPath?: string | undefined;
  size?: number | undefined;
  modifiedAt?: number | undefined;
  uid?: number | undefined;
  gid?: number | undefined;
  userName?: string | undefined;
  groupName?: string | undefined;
  extendedAttributes?: Map<string, Uint8Array> | undefined;
  sparse?: PaxSparse | undefined;
}

/** GNU tar's sparse files in pax headers: format 0.0 and 0.1 carry the map, in 1.0 it begins the body. */
export interface PaxSparse {
  name?: string;
  realSize?: number | undefined;
  /** Offset and length by turns. */
  map?: number[];
  mapInBody?: boolean;
}

type Setter = (attributes: Attributes, text: string) => void;

const setters: ReadonlyMap<string, Setter> = new Map<string, Setter>([
  ['path', (a, text) => void (a.path = text)],
  ['linkpath', (a, text) => void (a.linkPath = text)],
  ['uname', (a, text) => void (a.userName = text)],
  ['gname', (a, text) => void (a.groupName = text)],
  ['size', (a, text) => void (a.size = whole(text))],
  ['uid', (a, text) => void (a.uid = whole(text))],
  ['gid', (a, text) => void (a.gid = whole(text))],
  ['mtime', (a, text) => void (a.modifiedAt = seconds(text))],
  ['GNU.sparse.name', (a, text) => void (sparseOf(a).name = text)],
  ['GNU.sparse.size', (a, text) => void (sparseOf(a).realSize = whole(text))],
  ['GNU.sparse.realsize', (a, text) => void (sparseOf(a).realSize = whole(text))],
  ['GNU.sparse.major', (a, text) => void (sparseOf(a).mapInBody = text === '1')],
  ['GNU.sparse.offset', (a, text) => void mapOf(a).push(whole(text))],
  ['GNU.sparse.numbytes', (a, text) => void mapOf(a).push(whole(text))],
  ['GNU.sparse.map', (a, text) => void (sparseOf(a).map = text === '' ? [] : text.split(',').map(whole))],
]);

const takenBack: Readonly<Record<string, Attributes>> = {
  path: { path: undefined },
  linkpath: { linkPath: undefined },
  uname: { userName: undefined },
  gname: { groupName: undefined },
  size: { size: undefined },
  uid: { uid: undefined },
  gid: { gid: undefined },
  mtime: { modifiedAt: undefined },
};

/**
 * Adds the records of one pax header. Records after a broken one are not read; a record whose value is no value of
 * its kind is left out. `onFault` hears of both.
 */
export function addPax(attributes: Attributes, bytes: Uint8Array, onFault: (error: DamageError) => void): void {
  try {
    for (const record of paxRecords(bytes)) {
      try {
        addRecord(attributes, record);
      } catch (error) {
        if (!isDamageError(error)) throw error;
        onFault(new DamageError(error.code, `pax record ${record.key.slice(0, 100)}: ${error.reason}`));
      }
    }
  } catch (error) {
    if (!isDamageError(error)) throw error;
    onFault(error);
  }
}

function addRecord(attributes: Attributes, { key, value }: PaxRecord): void {
  const setter = setters.get(key);
  if (setter !== undefined) {
    if (value.length === 0 && Object.hasOwn(takenBack, key)) Object.assign(attributes, takenBack[key]);
    else setter(attributes, decodeText(value));
  } else if (key.startsWith('SCHILY.xattr.')) {
    xattrsOf(attributes).set(key.slice('SCHILY.xattr.'.length), Uint8Array.from(value));
  } else if (key.startsWith('LIBARCHIVE.xattr.')) {
    const name = percentDecoded(key.slice('LIBARCHIVE.xattr.'.length));
    if (attributes.extendedAttributes?.has(name) === true) return;
    xattrsOf(attributes).set(name, Uint8Array.from(Buffer.from(decodeText(value), 'base64')));
  }
}

function sparseOf(attributes: Attributes): PaxSparse {
  return (attributes.sparse ??= {});
}

function mapOf(attributes: Attributes): number[] {
  return (sparseOf(attributes).map ??= []);
}

function xattrsOf(attributes: Attributes): Map<string, Uint8Array> {
  return (attributes.extendedAttributes ??= new Map<string, Uint8Array>());
}

function whole(text: string): number {
  const value = parseDecimal(text);
  if (value === undefined) throw new DamageError('malformed', `"${text.slice(0, 40)}" is no size or number`);
  return value;
}

function seconds(text: string): number {
  if (!/^-?[0-9]{1,15}(\.[0-9]*)?$/.test(text)) throw new DamageError('malformed', `"${text.slice(0, 40)}" is no time`);
  return Number(text);
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new DamageError('malformed', 'its name is not URL-encoded', {}, { cause: error });
  }
}
