/**
 * What a writer who may put and not read remembers of what it put. It lies with the writer, on the node, and is the only
 * thing that such a writer can take a broken sealing up from. Names are keys of the vault, some with an ending after a `~`.
 */
export interface PutJournal {
  /** The record as it was written, or its lines; undefined where there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Writes a record in the place of the one before; it is on disk when this resolves. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Adds a line to a record; it is on disk when this resolves. A crash may leave the last line cut. */
  append(name: string, line: string): Promise<void>;
  /** Names of the records that begin with `prefix`, ascending. */
  names(prefix: string): AsyncIterable<string>;
  /** Takes away the record of this name, and where it ends with a slash all whose names begin with it. */
  forget(name: string): Promise<void>;
}
