/* Asks DuckDB a question and prints the rows. Usage: node duckdb.mjs SQL */
import { DuckDBInstance } from '@duckdb/node-api';

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const reader = await connection.runAndReadAll(process.argv[2]);
for (const row of reader.getRows()) console.log(row.map(String).join('\t'));
