import { parseArgs } from 'node:util';
import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** An option of a command: a switch, or one that takes a value. */
export interface Option {
  readonly type: 'boolean' | 'string';
  readonly summary: string;
  /** Name of the value in help texts. */
  readonly value?: string;
  readonly short?: string;
  readonly multiple?: boolean;
}
export type Options = Readonly<Record<string, Option>>;

/** One command of icecore, as data: help and completion are made from it. */
export interface Command<O extends Options = Options> {
  readonly name: string;
  readonly summary: string;
  /** Names of the arguments, as help shows them: `ARCHIVE…`. */
  readonly arguments: string;
  /** Fewest and most arguments. */
  readonly count: readonly [number, number];
  readonly options: O;
  /** Commands to try, each with what it does. */
  readonly examples: readonly (readonly [string, string])[];
  run(invocation: Invocation<O>): Promise<ExitCode>;
}

export interface Invocation<O extends Options = Options> {
  readonly arguments: readonly string[];
  readonly options: OptionValues<O>;
  readonly terminal: Terminal;
}

type OptionValues<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends { multiple: true }
    ? readonly string[] | undefined
    : (O[Name]['type'] extends 'boolean' ? boolean : string) | undefined;
};

/** A command line that cannot be followed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** True for a `UsageError`; each bundled command has a class of its own. */
export function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && error.name === 'UsageError';
}

/** Declares a command; its options type its invocation. */
export function command<const O extends Options>(definition: Command<O>): Command {
  return {
    ...definition,
    run: (invocation) => definition.run({ ...invocation, options: parsedAs<O>(invocation.options) }),
  };
}

/** The options were parsed with the very table that `O` is the type of. */
function parsedAs<O extends Options>(options: unknown): OptionValues<O> {
  return options as OptionValues<O>;
}

/** Parses what follows the command's name. Throws a `UsageError`. */
export function parseCommandLine(definition: Command, words: readonly string[]): { arguments: readonly string[]; options: OptionValues<Options> } {
  const [least, most] = definition.count;
  // Without options there is nothing to parse, and the parser takes longer to load than some answers to give.
  const { positionals, values } = words.some((word) => word.startsWith('-')) ? parseOptions(definition, words) : { positionals: words, values: {} };
  const given = positionals.length;
  if (given < least) throw new UsageError(`needs ${definition.arguments}`);
  if (given > most) throw new UsageError(`takes ${definition.arguments}, and no more`);
  return { arguments: positionals, options: parsedAs<Options>(values) };
}

function parseOptions(definition: Command, words: readonly string[]): { positionals: readonly string[]; values: object } {
  const options = Object.fromEntries(
    Object.entries(definition.options).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short === undefined ? {} : { short }), ...(multiple === undefined ? {} : { multiple }) },
    ]),
  );
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('. ')[0]! : String(error));
  }
}
