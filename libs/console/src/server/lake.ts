import type { QueryEngine, Table } from '@icecore/lake';

/** Opens an engine over the lake as it is now. */
export type OpenEngine = () => Promise<QueryEngine>;

/** The lake as the console asks it. */
export interface LakeReader extends QueryEngine {
  /** Bytes that the parts of each table take, by its name. */
  sizes(): Promise<ReadonlyMap<string, number>>;
}

/** How long the list of the lake's parts is believed, in milliseconds. */
const partsAreKnownFor = 3000;

/**
 * An engine that sees tables which got their first part after it was opened: it is opened anew when another set of tables
 * has parts. Questions that are being answered go on with the one they were asked of.
 */
export function lakeReader(open: OpenEngine, tables: readonly Table[], listSizes: () => Promise<ReadonlyMap<string, number>>): LakeReader {
  let current: { readonly engine: Promise<QueryEngine>; readonly filled: string } | undefined;
  let looked: { readonly at: number; readonly sizes: Promise<ReadonlyMap<string, number>> } | undefined;
  const asked = new Map<QueryEngine, number>();
  const retired = new Set<QueryEngine>();

  const sizes = async (): Promise<ReadonlyMap<string, number>> => {
    if (looked === undefined || performance.now() - looked.at > partsAreKnownFor) looked = { at: performance.now(), sizes: listSizes() };
    return looked.sizes;
  };
  const closeIfIdle = async (engine: QueryEngine): Promise<void> => {
    if (!retired.has(engine) || (asked.get(engine) ?? 0) > 0) return;
    retired.delete(engine);
    await engine.close();
  };
  const engineNow = async (): Promise<QueryEngine> => {
    const known = await sizes();
    const filled = tables.map(({ name }) => name).filter((name) => (known.get(name) ?? 0) > 0).join(' ');
    if (current === undefined || current.filled !== filled) {
      const before = current;
      const opening = { engine: open(), filled };
      current = opening;
      opening.engine.catch(() => {
        if (current === opening) current = undefined;
      });
      if (before !== undefined) {
        const old = await before.engine.catch(() => undefined);
        if (old !== undefined) {
          retired.add(old);
          await closeIfIdle(old);
        }
      }
    }
    return current.engine;
  };
  return {
    sizes,
    async query(sql, parameters, options) {
      const engine = await engineNow();
      asked.set(engine, (asked.get(engine) ?? 0) + 1);
      try {
        return await engine.query(sql, parameters, options);
      } finally {
        asked.set(engine, (asked.get(engine) ?? 1) - 1);
        await closeIfIdle(engine);
      }
    },
    async close() {
      await (await current?.engine)?.close();
    },
  };
}
