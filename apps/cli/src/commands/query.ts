import { duckdbEngine } from '@icecore/local';
import { allTables } from '@icecore/tables';
import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { printResult, resultOptions } from '../render/query-result.ts';

export const defaultLake = '.icecore/lake';

/** `icecore query`: SQL over the lake. */
export const query = command({
  name: 'query',
  summary: 'Ask the lake in SQL. The tables are those that docs/tables.md lists.',
  arguments: 'SQL',
  count: [1, 1],
  options: {
    lake: { type: 'string', value: 'FOLDER', summary: `the lake (default ${defaultLake})` },
    ...resultOptions,
  },
  examples: [["icecore query \"SELECT container, pid, command_line FROM processes WHERE executable_deleted\"", 'programs whose file is gone']],
  async run({ arguments: [sql = ''], options, terminal }) {
    const engine = await duckdbEngine({ lakeRoot: options.lake ?? defaultLake, tables: allTables });
    try {
      await printResult(await engine.query(sql), options, terminal);
      return exitCodes.done;
    } finally {
      await engine.close();
    }
  },
});
