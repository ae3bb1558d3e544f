import { formatBytes } from '@icecore/bytes';
import type { QueryEngine } from '@icecore/lake';
import { duckdbEngine } from '@icecore/local';
import { allTables } from '@icecore/tables';
import { UsageError } from './command.ts';
import type { Terminal } from './terminal.ts';

export const defaultLake = '.icecore/lake';

/** Options of every command that asks the lake in SQL. */
export const engineOptions = {
  lake: { type: 'string', value: 'FOLDER', summary: `the lake (default ${defaultLake})` },
  athena: { type: 'boolean', summary: 'ask the lake in AWS, by Athena; says before and after what it costs' },
  workgroup: { type: 'string', value: 'NAME', summary: 'with --athena: the workgroup, whose limit bounds the cost (default icecore)' },
  database: { type: 'string', value: 'NAME', summary: 'with --athena: the database of the lake (default icecore)' },
  price: { type: 'string', value: 'USD', summary: 'with --athena: price of a TiB scanned in your region (default 5)' },
} as const;

export interface EngineChoice {
  readonly lake: string | undefined;
  readonly athena: boolean | undefined;
  readonly workgroup: string | undefined;
  readonly database: string | undefined;
  readonly price: string | undefined;
}

/** The engine that the options name: DuckDB over a folder, or Athena, of which the cost is told. */
export async function openEngine(choice: EngineChoice, terminal: Terminal): Promise<QueryEngine> {
  if (choice.athena === true) return openAthena(choice, terminal);
  const misplaced = (['workgroup', 'database', 'price'] as const).find((name) => choice[name] !== undefined);
  if (misplaced !== undefined) throw new UsageError(`--${misplaced} goes with --athena`);
  return duckdbEngine({ lakeRoot: choice.lake ?? defaultLake, tables: allTables });
}

/** Athena and what it charges. */
export interface Fleet {
  readonly engine: QueryEngine;
  readonly location: string;
  /** Most bytes that one query may scan; undefined where nothing bounds it. */
  readonly limitBytes: number | undefined;
  /** US dollars for bytes scanned. */
  cost(bytes: number): number;
}

/** Opens Athena; `onScanned` is told of each query and of what it cost, also of one that failed. */
export async function openFleet({ lake, workgroup = 'icecore', database = 'icecore', price }: EngineChoice, onScanned: (bytes: number, dollars: number) => void): Promise<Fleet & { readonly workgroup: string; readonly perTiB: number }> {
  if (lake !== undefined) throw new UsageError('takes --lake or --athena, not both');
  const { athena, athenaCost, athenaPricePerTiB } = await import('./cloud.ts');
  const perTiB = price === undefined ? athenaPricePerTiB : Number(price);
  if (!(perTiB >= 0)) throw new UsageError(`--price ${price ?? ''} is no price`);
  const cost = (bytes: number): number => athenaCost(bytes, perTiB);
  const engine = athena({ workgroup, database, onScanned: (bytes) => onScanned(bytes, cost(bytes)) });
  return { engine, workgroup, perTiB, location: `Athena, database ${database}`, limitBytes: await engine.limitBytes(), cost };
}

async function openAthena(choice: EngineChoice, terminal: Terminal): Promise<QueryEngine> {
  const priced = (dollars: number): string => `${dollars.toFixed(6)} USD`;
  const { engine, workgroup, perTiB, limitBytes, cost } = await openFleet(choice, (bytes, dollars) => terminal.note(`Athena scanned ${formatBytes(bytes)}: ${priced(dollars)}, of which 10 MiB are billed at least`));
  const most = limitBytes === undefined ? 'it sets no limit, so nothing bounds the cost' : `it lets a query scan ${formatBytes(limitBytes)} at most, ${priced(cost(limitBytes))}`;
  terminal.note(`Athena, workgroup ${workgroup}: ${most}; how much this one scans is known when it has run (${perTiB} USD a TiB)`);
  return engine;
}
