import { command, UsageError } from '../command.ts';
import { commands } from '../commands.ts';
import { exitCodes } from '../exit-codes.ts';

/** `icecore completion`: a script that completes commands, options and file names. */
export const completion = command({
  name: 'completion',
  summary: 'Print a completion script for bash, zsh or fish.',
  arguments: 'SHELL',
  count: [1, 1],
  options: { json: { type: 'boolean', summary: 'the words as JSON' } },
  examples: [['source <(icecore completion bash)', 'complete in this shell']],
  async run({ arguments: [shell = ''], options, terminal }) {
    const all = await Promise.all(Object.values(commands).map((load) => load()));
    const words = all.map(({ name, summary, options: of }) => ({ name, summary, options: Object.keys(of).map((option) => `--${option}`) }));
    if (options.json === true) await terminal.json(words);
    else if (shell === 'bash' || shell === 'zsh') await terminal.line(bash(words, shell === 'zsh'));
    else if (shell === 'fish') await terminal.line(fish(words));
    else throw new UsageError(`knows bash, zsh and fish, not ${shell}`);
    return exitCodes.done;
  },
});

interface Words {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly string[];
}

function bash(words: readonly Words[], zsh: boolean): string {
  const cases = words.map(({ name, options }) => `    ${name}) words="${options.join(' ')}" ;;`);
  return [
    ...(zsh ? ['autoload -U +X bashcompinit && bashcompinit'] : []),
    '_icecore() {',
    '  local words current="${COMP_WORDS[COMP_CWORD]}"',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${words.map(({ name }) => name).join(' ')}" -- "$current"))`,
    '    return',
    '  fi',
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    '  esac',
    '  case "$current" in',
    '    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;',
    '    *) COMPREPLY=($(compgen -f -- "$current")) ;;',
    '  esac',
    '}',
    'complete -o filenames -F _icecore icecore',
  ].join('\n');
}

function fish(words: readonly Words[]): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
  return words
    .flatMap(({ name, summary, options }) => [
      `complete -c icecore -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...options.map((option) => `complete -c icecore -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`),
    ])
    .join('\n');
}
