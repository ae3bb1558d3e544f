/**
 * Functions that Athena's SQL has and DuckDB has not, or has with another meaning, as DuckDB macros: with these a
 * query written for Athena gives the same answer on a laptop. What no macro can do (lambdas other than `filter`,
 * `listagg … WITHIN GROUP`, `date_format`) fails in DuckDB with an error, not with another answer.
 */
export const trinoMacros: readonly string[] = [
  ...textMacros(),
  ...listMacros(),
  ...timeMacros(),
  ...nullMacros(),
  macro('approx_distinct', ['(x) AS approx_count_distinct(x)']),
  macro('approx_percentile', ['(x, p) AS approx_quantile(x, p)']),
  macro('map_agg', ['(k, v) AS map(list(k), list(v))']),
  macro('bitwise_and', ['(a, b) AS a & b']),
  macro('bitwise_or', ['(a, b) AS a | b']),
  macro('bitwise_xor', ['(a, b) AS xor(a, b)']),
  macro('is_nan', ['(x) AS isnan(x)']),
];

function textMacros(): string[] {
  const scalar = `json_valid(j) AND json_type(j, path) NOT IN ('OBJECT', 'ARRAY')`;
  const host = String.raw`'^[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)'`;
  // Trino writes the groups of a match as $1, DuckDB as \1.
  const groups = String.raw`system.main.regexp_replace(new, '\$(\d)', '\\\1', 'g')`;
  return [
    macro('regexp_like', ['(s, pattern) AS regexp_matches(s, pattern)']),
    macro('regexp_count', ['(s, pattern) AS CAST(len(regexp_extract_all(s, pattern)) AS BIGINT)']),
    // DuckDB gives the empty text where nothing matches, Trino NULL.
    macro('regexp_extract', [
      '(s, pattern) AS CASE WHEN regexp_matches(s, pattern) THEN system.main.regexp_extract(s, pattern) END',
      '(s, pattern, n) AS CASE WHEN regexp_matches(s, pattern) THEN system.main.regexp_extract(s, pattern, n) END',
    ]),
    // DuckDB replaces the first match, Trino all.
    macro('regexp_replace', [
      `(s, pattern) AS system.main.regexp_replace(s, pattern, '', 'g')`,
      `(s, pattern, new) AS system.main.regexp_replace(s, pattern, ${groups}, 'g')`,
    ]),
    macro('json_extract_scalar', [`(j, path) AS CASE WHEN ${scalar} THEN json_extract_string(j, path) END`]),
    macro('json_format', ['(j) AS CAST(j AS VARCHAR)']),
    macro('levenshtein_distance', ['(a, b) AS levenshtein(a, b)']),
    macro('to_utf8', ['(s) AS encode(s)']),
    macro('from_utf8', ['(b) AS decode(b)']),
    macro('url_extract_host', [`(u) AS nullif(system.main.regexp_extract(u, ${host}, 1), '')`]),
  ];
}

function listMacros(): string[] {
  return [
    macro('array_join', [
      '(a, glue) AS array_to_string(a, glue)',
      '(a, glue, absent) AS array_to_string([coalesce(CAST(x AS VARCHAR), absent) FOR x IN a], glue)',
    ]),
    macro('arrays_overlap', ['(a, b) AS list_has_any(a, b)']),
    macro('cardinality', ['(a) AS len(a)']),
    macro('element_at', ['(a, i) AS a[i]']),
    macro('slice', ['(a, first, n) AS list_slice(a, first, first + n - 1)']),
    macro('sequence', ['(a, b) AS generate_series(a, b)', '(a, b, step) AS generate_series(a, b, step)']),
    macro('array_max', ['(a) AS list_max(a)']),
    macro('array_min', ['(a) AS list_min(a)']),
    macro('array_union', ['(a, b) AS list_distinct(list_concat(a, b))']),
  ];
}

function timeMacros(): string[] {
  const units = ['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'year'];
  const intervals = units.map((unit) => `WHEN '${unit}' THEN to_${unit}s(n)`).join(' ');
  return [
    macro('from_unixtime', ['(s) AS to_timestamp(s)']),
    macro('to_unixtime', ['(t) AS epoch(t)']),
    macro('from_iso8601_timestamp', ['(s) AS CAST(s AS TIMESTAMP WITH TIME ZONE)']),
    macro('from_iso8601_date', ['(s) AS CAST(s AS DATE)']),
    macro('date_add', [`(unit, n, t) AS t + CASE lower(unit) ${intervals} ELSE error('date_add knows no unit ' || unit) END`]),
  ];
}

/** Functions that are NULL in Trino as soon as one argument is; DuckDB leaves the NULLs out. */
function nullMacros(): string[] {
  const forms = [2, 3, 4, 5, 6].map((count) => Array.from({ length: count }, (_, i) => `x${i}`));
  const strict = (name: string): string =>
    macro(name, forms.map((names) => {
      const absent = names.map((x) => `${x} IS NULL`).join(' OR ');
      return `(${names.join(', ')}) AS CASE WHEN ${absent} THEN NULL ELSE system.main.${name}(${names.join(', ')}) END`;
    }));
  return [strict('concat'), strict('greatest'), strict('least')];
}

function macro(name: string, forms: readonly string[]): string {
  return `CREATE OR REPLACE MACRO ${name}${forms.join(', ')}`;
}
