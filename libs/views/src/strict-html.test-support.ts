/** An element as it stands in a document. */
export interface StrictElement {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const rawText = new Set(['script', 'style']);

/**
 * The elements of a document, read more strictly than a browser does: a tag that is not in the plainest form, a quote that
 * is missing, a `<` that begins no tag, is an error. What passes here has one reading.
 */
export function strictElements(html: string): readonly StrictElement[] {
  const elements: StrictElement[] = [];
  const open: string[] = [];
  let at = html.startsWith('<!doctype html>') ? '<!doctype html>'.length : 0;
  while (at < html.length) {
    const next = html.indexOf('<', at);
    if (next === -1) break;
    const closing = matchAt(/<\/([a-zA-Z][\w-]*)>/y, html, next);
    if (closing !== null) {
      const expected = open.pop();
      if (expected !== closing[1]) throw new Error(`</${closing[1]}> closes <${expected ?? 'nothing'}>`);
      at = next + closing[0].length;
      continue;
    }
    const opening = matchAt(/<([a-zA-Z][\w-]*)((?: [a-zA-Z][\w:-]*(?:="[^"<]*")?)*)( ?\/)?>/y, html, next);
    if (opening === null) throw new Error(`no plain tag: ${html.slice(next, next + 120)}`);
    const [whole, tag = '', attributes = '', closed] = opening;
    elements.push({ tag, attributes: new Map([...attributes.matchAll(/ ([a-zA-Z][\w:-]*)(?:="([^"<]*)")?/g)].map(([, name = '', value = '']) => [name, value])) });
    at = next + whole.length;
    if (rawText.has(tag)) {
      const end = html.indexOf(`</${tag}>`, at);
      if (end === -1) throw new Error(`<${tag}> does not end`);
      at = end + tag.length + 3;
    } else if (closed === undefined && !voidTags.has(tag)) open.push(tag);
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)}> does not end`);
  return elements;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const voidTags = new Set(['meta', 'link', 'br', 'hr', 'img', 'input']);
