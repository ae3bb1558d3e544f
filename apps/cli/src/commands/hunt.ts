import { type Hunt, huntNamed, pivotOf, renderHunt } from '@icecore/hunts';
import type { QueryResult } from '@icecore/lake';
import { command, UsageError } from '../command.ts';
import { type EngineChoice, engineOptions, openEngine } from '../engine.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { asUsage, huntsOf } from '../hunts.ts';
import { huntLines } from '../render/hunts.ts';
import { printResult, resultOptions } from '../render/query-result.ts';
import { textTable } from '../render/text-table.ts';
import type { Terminal } from '../terminal.ts';

/** `icecore hunt`: saved questions to the lake. */
export const hunt = command({
  name: 'hunt',
  summary: 'Ask the lake a saved question, or for everything about an indicator; without a name, list the questions.',
  arguments: '[NAME]',
  count: [0, 1],
  options: {
    ioc: { type: 'string', value: 'VALUE', summary: 'hash, IP address, network, domain, URL, path, e-mail address or text to look for in every capture' },
    param: { type: 'string', value: 'NAME=VALUE', multiple: true, summary: 'value of a parameter of the question; repeat for more' },
    hunts: { type: 'string', value: 'FOLDER', summary: 'a folder of questions of your own, which come before those of the same name here' },
    ...engineOptions,
    ...resultOptions,
  },
  examples: [
    ['icecore hunt', 'the questions there are, with their parameters'],
    ['icecore hunt reverse-shells', 'in every capture of the lake'],
    ['icecore hunt --ioc 10.88.0.0/16', 'who talked to this network, or has an address of it in memory'],
    ['icecore hunt rare-binaries --param most=2 --csv', 'for a spreadsheet'],
  ],
  async run({ arguments: [name], options, terminal }) {
    if (name !== undefined && options.ioc !== undefined) throw new UsageError('takes a name or --ioc, not both');
    const hunts = await huntsOf(options.hunts);
    if (options.ioc !== undefined) {
      if (options.param !== undefined) throw new UsageError('--ioc needs no --param');
      const pivot = pivotOf(options.ioc);
      terminal.note(`looking for ${/^[aeiou]/.test(pivot.type) ? 'an' : 'a'} ${pivot.type}: icecore hunt ${pivot.hunt}`);
      return ask(asUsage(() => renderHunt(huntNamed(hunts, pivot.hunt), pivot.values)), options, terminal);
    }
    if (name === undefined) return list(hunts, options.json === true, terminal);
    const values = valuesOf(options.param ?? []);
    return ask(asUsage(() => renderHunt(huntNamed(hunts, name), values)), options, terminal);
  },
});

async function ask(rendered: ReturnType<typeof renderHunt>, options: EngineChoice & { readonly csv: boolean | undefined; readonly json: boolean | undefined }, terminal: Terminal): Promise<ExitCode> {
  const engine = await openEngine(options, terminal);
  try {
    const result = withoutEmpty(await engine.query(rendered.sql, rendered.parameters), options);
    await printResult(result, options, terminal);
    return result.rows.length > 0 ? exitCodes.done : exitCodes.no;
  } finally {
    await engine.close();
  }
}

/** On the screen, columns that say nothing in any row are left out. */
function withoutEmpty(result: QueryResult, { csv, json }: { readonly csv: boolean | undefined; readonly json: boolean | undefined }): QueryResult {
  if (csv === true || json === true || result.rows.length === 0) return result;
  const told = result.columns.map((_, i) => result.rows.some((row) => (row[i] ?? null) !== null));
  return { columns: result.columns.filter((_, i) => told[i]), rows: result.rows.map((row) => row.filter((_, i) => told[i])) };
}

async function list(hunts: readonly Hunt[], json: boolean, terminal: Terminal): Promise<ExitCode> {
  if (json) {
    for (const { name, title, question, technique, parameters, sql } of hunts) {
      const told = parameters.map((parameter) => ({ name: parameter.name, type: parameter.type, default: parameter.default ?? null, summary: parameter.summary }));
      await terminal.json({ name, title, question, technique: technique ?? null, parameters: told, sql });
    }
    return exitCodes.done;
  }
  await terminal.line(textTable(...huntLines(hunts), terminal.width).join('\n'));
  return exitCodes.done;
}

function valuesOf(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const equals = word.indexOf('=');
      if (equals <= 0) throw new UsageError(`--param ${word}: expected NAME=VALUE`);
      return [word.slice(0, equals), word.slice(equals + 1)];
    }),
  );
}
