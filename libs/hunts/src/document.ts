import type { Hunt, HuntParameter } from './hunt.ts';

/** The reference of hunts as Markdown. */
export function huntsDocument(hunts: readonly Hunt[]): string {
  return [
    '# Hunts',
    'Saved questions to the lake: one file each in [hunts](../hunts), in SQL that Athena and DuckDB both run with one meaning. `icecore hunt NAME` asks one, `icecore hunt --ioc VALUE` takes the one that fits a hash, address, network, domain, URL, path or text. A folder of your own works the same: `icecore hunt --hunts FOLDER NAME`. `libs/hunts/generate.mjs` writes this page from the headers of the files.',
    ['| Hunt | Question | Technique |', '|---|---|---|', ...hunts.map(({ name, question, technique }) => `| [\`${name}\`](#${name}) | ${cell(question)} | ${technique ?? ''} |`)].join('\n'),
    ...hunts.flatMap(section),
    '## A hunt of your own',
    'A file `NAME.sql` begins with lines `-- title:`, `-- question:`, `-- technique:` (an ATT&CK id, or `none`), `-- example:` and one `-- parameter: NAME TYPE = DEFAULT: SUMMARY` for each parameter; without `= DEFAULT` a value must be given. Types: `text`, `number`, `date`, `yesno`, `address` (also gives `:NAME_key`) and `network` (gives `:NAME_first` and `:NAME_last`, to compare with the `_key` columns of addresses). Then comes one SELECT, with `:NAME` where a value goes. Values are passed beside the statement, never in it.',
    '',
  ].join('\n\n').replace(/\n+$/, '\n');
}

function section({ name, title, question, technique, parameters, example }: Hunt): readonly string[] {
  return [
    `## ${name}`,
    `**${title}.** ${question}${technique === undefined ? '' : ` ATT&CK ${technique}.`}`,
    ...(parameters.length === 0 ? [] : [['| Parameter | Type | Default | Meaning |', '|---|---|---|---|', ...parameters.map(parameterRow)].join('\n')]),
    ...(example === undefined ? [] : [`\`\`\`sh\n${example}\n\`\`\``]),
  ];
}

function parameterRow({ name, type, default: given, summary }: HuntParameter): string {
  const shown = given === undefined ? 'must be given' : given === '' ? 'empty' : `\`${given}\``;
  return `| \`${name}\` | ${type} | ${shown} | ${cell(summary)} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
