// Writes docs/tables.md from the definitions of the tables.
import { writeFile } from 'node:fs/promises';
import { allTables, tablesDocument } from '@icecore/tables';

await writeFile(new URL('../../docs/tables.md', import.meta.url), tablesDocument(allTables));
