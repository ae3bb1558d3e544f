import { command } from '../command.ts';
import { engineOptions, openEngine } from '../engine.ts';
import { exitCodes } from '../exit-codes.ts';
import { printResult, resultOptions } from '../render/query-result.ts';

/** `icecore query`: SQL over the lake. */
export const query = command({
  name: 'query',
  summary: 'Ask the lake in SQL. The tables are those that docs/tables.md lists.',
  arguments: 'SQL',
  count: [1, 1],
  options: {
    ...engineOptions,
    ...resultOptions,
  },
  examples: [
    ["icecore query \"SELECT container, pid, command_line FROM processes WHERE executable_deleted\"", 'programs whose file is gone'],
    ['icecore query --athena "SELECT count(*) FROM captures"', 'over the lake in AWS'],
  ],
  async run({ arguments: [sql = ''], options, terminal }) {
    const engine = await openEngine(options, terminal);
    try {
      await printResult(await engine.query(sql), options, terminal);
      return exitCodes.done;
    } finally {
      await engine.close();
    }
  },
});
