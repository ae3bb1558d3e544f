import { acceptCompletion } from '@codemirror/autocomplete';
import { SQLDialect, sql } from '@codemirror/lang-sql';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import type { TableInfo } from '../../contract/answers.ts';

/** The field that statements are written in. */
export interface Editor {
  text(): string;
  setText(text: string): void;
  insert(text: string): void;
  close(): void;
}

/** What Athena and DuckDB both have. */
const dialect = SQLDialect.define({
  keywords: 'select from where group by order having limit offset fetch first rows only join left right full outer inner cross on using union all except intersect with as distinct case when then else end and or not in is null like escape between exists cast try_cast unnest ordinality over partition range preceding following unbounded current row filter asc desc nulls last values true false interval date timestamp lateral',
  types: 'varchar bigint integer boolean double date timestamp array row map decimal',
  builtin: 'count sum min max avg coalesce nullif lower upper substr strpos split_part starts_with regexp_like regexp_extract array_agg array_join cardinality element_at contains date_trunc date_diff from_hex to_hex sha256 json_extract_scalar count_if max_by min_by row_number rank lag lead greatest least concat_ws trim length replace bitwise_and sequence',
  doubleQuotedStrings: false,
});

/** An editor that completes the names of tables and columns. Its styles carry the page's nonce, which the policy asks for. */
export function sqlEditor(parent: HTMLElement, { text, tables, onAsk }: { readonly text: string; readonly tables: readonly TableInfo[]; onAsk(): void }): Editor {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
  const schema = Object.fromEntries(tables.map(({ name, columns }) => [name, columns.map((column) => ({ label: column.name, type: 'property', detail: column.type.slice(0, 24), info: column.description }))]));
  const ask = (): boolean => {
    onAsk();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        Prec.highest(keymap.of([{ key: 'Mod-Enter', run: ask }, { key: 'Tab', run: acceptCompletion }])),
        basicSetup,
        sql({ dialect, schema, tables: tables.map(({ name, description }) => ({ label: name, type: 'class', info: description })), upperCaseKeywords: true }),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': 'SQL statement', spellcheck: 'false', autocapitalize: 'off' }),
      ],
    }),
  });
  const replace = (from: number, to: number, insert: string): void => view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length } });
  return {
    text: () => view.state.doc.toString(),
    setText: (next) => replace(0, view.state.doc.length, next),
    insert(piece) {
      const { from, to } = view.state.selection.main;
      replace(from, to, piece);
      view.focus();
    },
    close: () => view.destroy(),
  };
}
