import { withoutTexts } from './placeholders.ts';

/** A construct that Athena and DuckDB do not both have with one meaning. */
export interface DialectProblem {
  /** The text as it stands in the statement. */
  readonly found: string;
  readonly why: string;
}

const traps: readonly (readonly [RegExp, string])[] = [
  [/\b\w+\s*\/\s*\w+/, 'a quotient of whole numbers is whole in Athena; cast one side to double or avoid it'],
  [/::/, 'Athena has no ::, use CAST'],
  [/\b(?:any_match|all_match|none_match|transform|zip_with|map_filter|transform_values|transform_keys)\s*\(/i, 'DuckDB cannot have it; use cardinality(filter(…)) or UNNEST'],
  [/\b(?:listagg|string_agg|group_concat)\b/i, 'use array_join(array_agg(x ORDER BY x), …)'],
  [/\b(?:date_format|strftime|format_datetime|parse_datetime|date_parse|strptime)\s*\(/i, 'the marks of its formats differ'],
  [/\bTABLESAMPLE\b/i, 'the engines sample differently'],
  [/\b(?:U&|X)'/i, 'the engines read such texts differently'],
  [/\b(?:IPADDRESS|IPPREFIX)\b/i, 'tables cannot hold the type; compare address keys'],
  [/\bTRY\s*\(/i, 'DuckDB reads it differently; use TRY_CAST or NULLIF'],
  [/\bMATCH_RECOGNIZE\b/i, 'DuckDB has none'],
  [/\b(?:format|printf|json_value|json_query|json_object)\s*\(/i, 'results differ; use || and json_extract_scalar'],
  [/\bcontains\s*\(\s*'/i, 'the first argument must be a list'],
  [/\[[^\]]*\]/, 'an index out of range fails in Athena; use element_at'],
  [/\bLIMIT\b[\s\S]*\bOFFSET\b/i, 'Athena wants OFFSET before LIMIT'],
  [/\bILIKE\b|\bGLOB\b|\bSIMILAR\s+TO\b|~~?\*?(?=\s)/i, 'Athena has none; use lower and strpos, LIKE or regexp_like'],
  [/\b(?:QUALIFY|PIVOT|UNPIVOT|ASOF|POSITIONAL|EXCLUDE)\b/i, 'Athena has none'],
  [/\bGROUP\s+BY\s+ALL\b|\bORDER\s+BY\s+ALL\b/i, 'Athena has none'],
  [/\b(?:SEMI|ANTI)\s+JOIN\b/i, 'Athena has none; use EXISTS'],
  [/\b(?:regexp_matches|list_[a-z_]+|array_to_string|str_split|string_split|len|epoch|strip_accents|read_[a-z]+|glob|range)\s*\(/i, 'DuckDB alone has it'],
  [/\bgreatest\s*\(|\bleast\s*\(|\bconcat\s*\(/i, 'NULLs count differently; use CASE, coalesce and ||'],
  [/\bCAST\s*\([^()]*\bAS\s+(?:integer|int|smallint|tinyint)\s*\)/i, 'halves are rounded differently; use bigint, and round first'],
  [/\brandom\s*\(|\buuid\s*\(|\bshuffle\s*\(|\bnow\s*\(|\bcurrent_(?:date|time|timestamp)\b/i, 'the answer would not be the same twice'],
  [/\b(?:arbitrary|any_value|approx_distinct|approx_percentile|first|last)\s*\(/i, 'the answer is one of several, or an estimate'],
  [/\barray_agg\s*\(\s*(?!DISTINCT\b)(?:(?!ORDER\s+BY)[^()]|\((?:(?!ORDER\s+BY)[^()]|\([^()]*\))*\))*\)/i, 'the order is not the same twice; say ORDER BY'],
  [/;/, 'a hunt is one statement, without a semicolon'],
];

/** Tables whose column of that name is a list of structs: UNNEST gives columns in Athena and one struct in DuckDB. */
const structLists = /\bUNNEST\s*\(\s*(?:\w+\.)?(?:evidence|pids|peers|groups|cgroups)\s*\)/i;
/** What Joni reads as RE2 does: no look-around, no back reference, no possessive or atomic group. */
const expressions = /\bregexp_\w+\s*\([^']*'((?:[^']|'')*)'/gi;
const foreign = /\(\?(?:[=!>]|<[=!])|\\[1-9kGzZ]|[*+?}]\+/;

/** What in a statement would not run, or not mean the same, in both engines. */
export function dialectProblems(sql: string): readonly DialectProblem[] {
  const bare = withoutTexts(sql);
  const problems = [...traps, [structLists, 'a list of structs unnests to columns in Athena, to one struct in DuckDB; use filter and element_at'] as const]
    .flatMap(([trap, why]) => {
      const found = trap.exec(bare)?.[0];
      return found === undefined ? [] : [{ found, why }];
    });
  for (const [, expression = ''] of sql.matchAll(expressions)) {
    if (foreign.test(expression)) problems.push({ found: expression, why: 'RE2 and Joni read it differently' });
  }
  return problems;
}
