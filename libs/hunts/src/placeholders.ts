/** A piece of SQL that is a string, a quoted name, a comment, or `:name`. */
const tokens = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|:([a-z][a-z0-9_]*)/g;

export interface Placeholder {
  readonly name: string;
  /** [start, end) in the statement. */
  readonly start: number;
  readonly end: number;
}

/** The places of a statement where `:name` stands, outside of strings, quoted names and comments. */
export function placeholders(sql: string): readonly Placeholder[] {
  return [...sql.matchAll(tokens)].flatMap((match) => {
    const name = match[1];
    return name === undefined ? [] : [{ name, start: match.index, end: match.index + match[0].length }];
  });
}

/** The statement with strings emptied and comments gone: what is left is words and marks. */
export function withoutTexts(sql: string): string {
  return sql.replace(tokens, (token: string, name: string | undefined) => {
    if (name !== undefined) return token;
    return token.startsWith("'") ? "''" : token.startsWith('"') ? '""' : ' ';
  });
}
