import type * as duckdbModule from '@duckdb/node-api';
import type { DuckDBValue } from '@duckdb/node-api';
import { bytesToHex } from '@icecore/bytes';
import type { QueryValue } from '@icecore/lake';

/** The library's module, which is loaded late. */
export type Duckdb = typeof duckdbModule;

/**
 * A value of a result as the lake's port promises it. Decimals become the nearest number; times of day, intervals,
 * UUIDs and other types without a form of their own become DuckDB's text.
 */
export function queryValue(duckdb: Duckdb, value: DuckDBValue): QueryValue {
  if (value === null || typeof value !== 'object') return value;
  const inner = (part: DuckDBValue): QueryValue => queryValue(duckdb, part);
  if (value instanceof duckdb.DuckDBListValue || value instanceof duckdb.DuckDBArrayValue) return value.items.map(inner);
  if (value instanceof duckdb.DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, part]) => [name, inner(part)]));
  }
  if (value instanceof duckdb.DuckDBMapValue) {
    return value.entries.map((entry) => ({ key: inner(entry.key), value: inner(entry.value) }));
  }
  if (value instanceof duckdb.DuckDBDecimalValue) return value.toDouble();
  if (value instanceof duckdb.DuckDBBlobValue) return bytesToHex(value.bytes);
  if (value instanceof duckdb.DuckDBUnionValue) return inner(value.value);
  const micros = microseconds(duckdb, value);
  return micros === undefined ? String(value) : (isoMoment(micros) ?? String(value));
}

function microseconds(duckdb: Duckdb, value: DuckDBValue): bigint | undefined {
  if (value instanceof duckdb.DuckDBTimestampValue || value instanceof duckdb.DuckDBTimestampTZValue) return value.micros;
  if (value instanceof duckdb.DuckDBTimestampMillisecondsValue) return value.millis * 1000n;
  if (value instanceof duckdb.DuckDBTimestampSecondsValue) return value.seconds * 1_000_000n;
  if (value instanceof duckdb.DuckDBTimestampNanosecondsValue) return value.nanos / 1000n;
  return undefined;
}

/** ISO 8601 in UTC, with microseconds where there are any; undefined for infinity and beyond. */
function isoMoment(micros: bigint): string | undefined {
  const fraction = ((micros % 1000n) + 1000n) % 1000n;
  const moment = new Date(Number((micros - fraction) / 1000n));
  if (Number.isNaN(moment.getTime())) return undefined;
  const text = moment.toISOString();
  return fraction === 0n ? text : `${text.slice(0, -1)}${String(fraction).padStart(3, '0')}Z`;
}
