import type { Command } from './command.ts';
import { commands } from './commands.ts';

/** What `icecore help` prints; with a command's name, that command's help. */
export async function overview(name?: string): Promise<string> {
  const load = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load !== undefined) return helpOf(await load());
  const all = await Promise.all(Object.values(commands).map((each) => each()));
  const width = Math.max(...all.map((each) => each.name.length));
  return [
    'icecore turns a container checkpoint into answers: what ran, what it talked to, what it hid.',
    '',
    'Usage: icecore COMMAND [OPTION…] [ARGUMENT…]',
    '',
    ...all.map((each) => `  ${each.name.padEnd(width)}  ${each.summary}`),
    '',
    'icecore help COMMAND tells more. Every command takes --json where it prints a result.',
    'Exit codes: 0 done; 1 the answer is no; 2 usage; 3 cannot be read; 4 done, with damage that the result names; 70 a defect of icecore.',
  ].join('\n');
}

export function helpOf(command: Command): string {
  const options = Object.entries(command.options).map(([name, { short, value, summary }]) => {
    const long = `--${name}${value === undefined ? '' : ` ${value}`}`;
    return [short === undefined ? `    ${long}` : `-${short}, ${long}`, summary] as const;
  });
  const width = Math.max(0, ...options.map(([left]) => left.length));
  return [
    `Usage: icecore ${command.name} ${command.arguments}${options.length > 0 ? ' [OPTION…]' : ''}`,
    '',
    command.summary,
    ...(options.length > 0 ? ['', ...options.map(([left, summary]) => `  ${left.padEnd(width)}  ${summary}`)] : []),
    ...(command.examples.length > 0 ? ['', ...command.examples.flatMap(([line, what]) => [`  $ ${line}`, `      ${what}`])] : []),
  ].join('\n');
}
