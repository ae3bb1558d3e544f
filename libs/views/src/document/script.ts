/**
 * What a report does beyond what HTML does by itself: filters, buttons that copy a command, everything unfolded for
 * print. It is plain text, for it goes into the document as it is; without it the document says the same.
 */
export const reportScript = `'use strict';
const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
for (const code of document.querySelectorAll('[data-copy]')) {
  const button = make('button', { type: 'button', className: 'copy', textContent: 'Copy' });
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = 'Selected';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
  code.after(button);
}
for (const list of document.querySelectorAll('[data-filterable]')) {
  const rows = [...list.querySelectorAll('[data-filter-row]')];
  if (rows.length < 8) continue;
  const name = list.dataset.filterable;
  const label = make('label', { className: 'filter', textContent: 'Filter ' + name + ' ' });
  const input = make('input', { type: 'search', autocomplete: 'off', spellcheck: false });
  const count = make('output', { className: 'filter-count' });
  let texts;
  const apply = () => {
    texts ??= rows.map((row) => row.textContent.toLowerCase());
    const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, i) => {
      row.hidden = !words.every((word) => texts[i].includes(word));
      if (!row.hidden) shown += 1;
    });
    count.textContent = words.length === 0 ? '' : shown + ' of ' + rows.length;
  };
  input.addEventListener('input', apply);
  label.append(input, count);
  const foldable = rows.every((row) => row.tagName === 'DETAILS') ? rows : [];
  if (foldable.length > 0) {
    const button = make('button', { type: 'button', textContent: 'Unfold all' });
    button.addEventListener('click', () => {
      const open = button.textContent === 'Unfold all';
      for (const row of foldable) row.open = open;
      button.textContent = open ? 'Fold all' : 'Unfold all';
    });
    label.append(button);
  }
  (list.tagName === 'TABLE' ? list.parentElement : list).before(label);
}
const unfold = () => {
  const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
  for (let each = target; each !== null; each = each.parentElement) if (each.tagName === 'DETAILS') each.open = true;
  target?.scrollIntoView();
};
addEventListener('hashchange', unfold);
unfold();
let folded = [];
addEventListener('beforeprint', () => {
  folded = [...document.querySelectorAll('details[data-print-open]:not([open])')];
  for (const each of folded) each.open = true;
});
addEventListener('afterprint', () => { for (const each of folded) each.open = false; });
`;
