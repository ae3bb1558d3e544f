import type { PutJournal } from '@icecore/evidence';

/** A journal that lasts as long as the test. */
export function memoryJournal(): PutJournal {
  const records = new Map<string, Uint8Array>();
  return {
    read: async (name) => records.get(name),
    async write(name, bytes) {
      records.set(name, bytes);
    },
    async append(name, line) {
      records.set(name, Buffer.concat([records.get(name) ?? new Uint8Array(0), Buffer.from(`${line}\n`)]));
    },
    async *names(prefix) {
      yield* [...records.keys()].filter((name) => name.startsWith(prefix)).sort();
    },
    async forget(name) {
      for (const each of [...records.keys()]) if (each === name || (name.endsWith('/') && each.startsWith(name))) records.delete(each);
    },
  };
}
