import { readFileSync } from 'node:fs';
import { allTables, tablesDocument } from './index.ts';

describe('docs/tables.md', () => {
  it('is what the definitions say; generate-docs.mjs writes it anew', () => {
    expect(readFileSync(new URL('../../../docs/tables.md', import.meta.url), 'utf8')).toBe(tablesDocument(allTables));
  });

  it('speaks of every column of every table', () => {
    const document = tablesDocument(allTables);
    for (const { name, columns } of allTables) {
      expect(document).toContain(`## ${name}\n`);
      for (const column of Object.keys(columns)) expect(document).toContain(`| \`${column}\` |`);
    }
  });
});
