import { athenaType, type Columns, type Table } from '@icecore/lake';

/** The reference of tables as Markdown: every table with its columns, their types in SQL and what they mean. */
export function tablesDocument(tables: readonly Table[]): string {
  const [first] = tables;
  const shared = first === undefined ? {} : leadingColumnsOf(first);
  return [
    '# Tables',
    'What a capture becomes in the lake. Each table below begins with the columns that all share, and has its own after them. Types are those of Athena; columns that are not marked may not be NULL. No column holds the value of a secret: a mark such as `‹secret:github_token:1a2b3c4d›` stands in its place, with the first digits of the HMAC that the tables `environment` and `secrets` have. Rows are sorted by the columns named; `libs/tables/generate-docs.mjs` writes this page from the definitions.',
    tables.map(({ name, description }) => `- [\`${name}\`](#${name}): ${description}`).join('\n'),
    '## Columns of every table',
    columnsTable(shared),
    ...tables.flatMap((table) => [
      `## ${table.name}`,
      `${table.description} Version ${table.version}; sorted by ${table.sortBy.map((name) => `\`${name}\``).join(', ')}.`,
      columnsTable(table.ownColumns),
    ]),
    '',
  ].join('\n\n').replace(/\n+$/, '\n');
}

function leadingColumnsOf({ columns, ownColumns }: Table): Columns {
  return Object.fromEntries(Object.entries(columns).filter(([name]) => !Object.hasOwn(ownColumns, name)));
}

function columnsTable(columns: Columns): string {
  const rows = Object.entries(columns).flatMap(([name, column]) => [
    `| \`${name}\` | \`${athenaType(column)}\` | ${column.nullable ? 'yes' : ''} | ${cell(column.description)} |`,
    ...(column.kind === 'struct_list'
      ? Object.entries(column.fields).map(([field, { nullable, description }]) => `| \`${name}.${field}\` | | ${nullable ? 'yes' : ''} | ${cell(description)} |`)
      : []),
  ]);
  return ['| Column | Type | NULL | Meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
