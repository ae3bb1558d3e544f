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

async function openAthena({ lake, workgroup = 'icecore', database = 'icecore', price }: EngineChoice, terminal: Terminal): Promise<QueryEngine> {
  if (lake !== undefined) throw new UsageError('takes --lake or --athena, not both');
  const { athena, athenaCost, athenaPricePerTiB } = await import('./cloud.ts');
  const perTiB = price === undefined ? athenaPricePerTiB : Number(price);
  if (!(perTiB >= 0)) throw new UsageError(`--price ${price ?? ''} is no price`);
  const dollars = (bytes: number): string => `${athenaCost(bytes, perTiB).toFixed(6)} USD`;
  const engine = athena({ workgroup, database, onScanned: (bytes) => terminal.note(`Athena scanned ${formatBytes(bytes)}: ${dollars(bytes)}, of which 10 MiB are billed at least`) });
  const limit = await engine.limitBytes();
  const most = limit === undefined ? 'it sets no limit, so nothing bounds the cost' : `it lets a query scan ${formatBytes(limit)} at most, ${dollars(limit)}`;
  terminal.note(`Athena, workgroup ${workgroup}: ${most}; how much this one scans is known when it has run (${perTiB} USD a TiB)`);
  return engine;
}
