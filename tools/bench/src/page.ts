import type { Results, SuiteResult } from './results.ts';
import type { Plot, Suite } from './suite.ts';

/** The file of a plot, beside the page. */
export const plotFile = ({ title }: Pick<Plot, 'title'>): string => `${title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}.svg`;

/** The page of results, as Markdown: of each suite what it gave last. */
export function page(suites: readonly Suite[], results: Results, intro: string): string {
  const told = suites.flatMap((suite) => results[suite.id] ?? []);
  const rows = told.flatMap((result) => result.rows);
  const promised = rows.filter(({ holds }) => holds !== undefined);
  const machine = told[0]?.machine;
  return [
    '# Benchmarks',
    '',
    intro,
    '',
    `Machine: ${machine ?? 'none yet'}. ${promised.filter(({ holds }) => holds === true).length} of ${promised.length} promises hold. All suites together took ${Math.ceil(told.reduce((sum, { seconds }) => sum + seconds, 0) / 60)} minutes.`,
    ...suites.flatMap((suite) => section(suite, results[suite.id], machine)),
    '',
  ].join('\n');
}

function section({ id, title, about }: Suite, result: SuiteResult | undefined, machine: string | undefined): string[] {
  const head = ['', `## ${title}`, '', about, ''];
  if (result === undefined) return [...head, `Not measured yet: \`npm run bench ${id}\`.`];
  const { rows, plots, measuredAt, seconds } = result;
  return [
    ...head,
    '| what | measured | promise | holds |',
    '| --- | --- | --- | --- |',
    ...rows.map(({ what, measured, promise, holds }) => `| ${what} | ${measured} | ${promise ?? ''} | ${holds === undefined ? '' : holds ? 'yes' : 'no'} |`),
    ...plots.flatMap((plot) => ['', `![${plot.title}](benchmarks/${plotFile(plot)})`]),
    '',
    `\`npm run bench ${id}\`, ${measuredAt.slice(0, 10)}, ${Math.ceil(seconds)} s${result.machine === machine ? '' : `, on another machine: ${result.machine}`}.`,
  ];
}
