import { isDamageError } from '@icecore/bytes';
import { type Command, isUsageError, parseCommandLine } from './command.ts';
import { commands } from './commands.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { processTerminal } from './terminal.ts';
import { productVersion } from './version.ts';

async function main(words: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = words;
  if (name === '--version' || name === '-V') {
    await terminal.line(productVersion);
    return exitCodes.done;
  }
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const { overview } = await import('./help.ts');
    await terminal.line(await overview(rest[0]));
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    terminal.note(`icecore: there is no command ${name}; see icecore help`);
    return exitCodes.usage;
  }
  return run(await load(), rest);
}

async function run(command: Command, words: readonly string[]): Promise<ExitCode> {
  if (words.includes('--help') || words.includes('-h')) {
    const { helpOf } = await import('./help.ts');
    await terminal.line(helpOf(command));
    return exitCodes.done;
  }
  try {
    return await command.run({ ...parseCommandLine(command, words), terminal });
  } catch (error) {
    terminal.progress(undefined);
    if (isUsageError(error)) {
      terminal.note(`icecore ${command.name}: ${error.message}; see icecore help ${command.name}`);
      return exitCodes.usage;
    }
    if (isDamageError(error) || isExpected(error)) {
      terminal.note(`icecore ${command.name}: ${error.message}`);
      return exitCodes.failed;
    }
    throw error;
  }
}

/** Faults of the world that a message tells better than a stack: files that are not there, a full disk, a bad query. */
function isExpected(error: unknown): error is Error {
  return error instanceof Error && (('code' in error && typeof error.code === 'string') || error.name === 'AbortError');
}

const terminal = processTerminal();
main(process.argv.slice(2)).then(
  // All output is written by now: leaving at once saves what taking the program apart would cost.
  (code) => process.exit(code),
  (error: unknown) => {
    terminal.note(`icecore: a defect of icecore, not of the evidence: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exit(exitCodes.defect);
  },
);
