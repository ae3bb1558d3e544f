import { constants, zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';

/** A column of a nested Parquet file. Everything but the outermost level may be NULL. */
export type Field = 'text' | 'integer' | 'long' | 'json' | { readonly list: Field } | Fields;
export interface Fields {
  readonly fields: Readonly<Record<string, Field>>;
}

/** Rows at most in a row group: an OCSF finding is a few KiB, so this stays far below 256 MB. */
const rowGroupRows = 10_000;
/** The writer counts characters and not bytes; an eighth of the 1 MB that a page may have is safe. */
const pageSize = 128 * 1024;

/** A Parquet file with structs in structs and lists of them, compressed by zstd. What a row does not have is NULL. */
export function nestedParquet(columns: Readonly<Record<string, Field>>, rows: readonly object[]): Uint8Array {
  const writer = new ByteWriter();
  const names = Object.keys(columns);
  const parquet = new ParquetWriter({
    writer,
    schema: [{ name: 'root', num_children: names.length }, ...names.flatMap((name) => elementsOf(name, columns[name] ?? 'text'))],
    codec: 'ZSTD',
    compressors: { ZSTD: (bytes) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 3 } }) },
    statistics: true,
    createdBy: 'icecore',
  });
  for (let start = 0; start < rows.length || start === 0; start += rowGroupRows) {
    const group = rows.slice(start, start + rowGroupRows);
    const columnData = names.map((name) => ({ name, data: group.map((row) => stored(columns[name] ?? 'text', Object.entries(row).find(([key]) => key === name)?.[1])) }));
    if (group.length > 0) void parquet.write({ columnData, rowGroupSize: group.length, pageSize });
  }
  void parquet.finish();
  return writer.getBytes();
}

const scalars: Readonly<Record<'text' | 'integer' | 'long' | 'json', Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  integer: { type: 'INT32' },
  long: { type: 'INT64' },
};

function elementsOf(name: string, field: Field): SchemaElement[] {
  const repetition_type = 'OPTIONAL';
  if (typeof field === 'string') return [{ name, repetition_type, ...scalars[field] }];
  if ('list' in field) {
    return [
      { name, repetition_type, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...elementsOf('element', field.list),
    ];
  }
  const children = Object.entries(field.fields);
  return [{ name, repetition_type, num_children: children.length }, ...children.flatMap(([child, inner]) => elementsOf(child, inner))];
}

type Stored = null | string | number | bigint | readonly Stored[] | { readonly [name: string]: Stored };

function stored(field: Field, value: unknown): Stored {
  if (value === undefined || value === null) return null;
  if (field === 'json') return JSON.stringify(value);
  if (field === 'text') return String(value);
  if (field === 'integer') return Number(value);
  if (field === 'long') return BigInt(Number(value));
  if ('list' in field) return Array.isArray(value) ? value.map((each) => stored(field.list, each)) : null;
  const given = typeof value === 'object' ? new Map<string, unknown>(Object.entries(value)) : new Map<string, unknown>();
  return Object.fromEntries(Object.entries(field.fields).map(([name, inner]) => [name, stored(inner, given.get(name))]));
}
