import { DefinitionError } from './errors.ts';
import { evaluate, type Expression, parseExpression } from './intrinsics.ts';
import { isList, isObject, type Json } from './json.ts';

/** A payload template: JSON in which the values of names that end in `.$` are expressions. */
export type Template =
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'list'; readonly elements: readonly Template[] }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [name: string, value: Template])[] };

/** Throws a `DefinitionError`. */
export function parseTemplate(value: Json): Template {
  if (isList(value)) return { kind: 'list', elements: value.map(parseTemplate) };
  if (!isObject(value)) return { kind: 'constant', value };
  const fields = Object.entries(value).map(([name, field]): readonly [string, Template] => {
    if (!name.endsWith('.$')) return [name, parseTemplate(field)];
    if (typeof field !== 'string') throw new DefinitionError(`${name}: takes a path or a call`);
    return [name.slice(0, -2), { kind: 'expression', expression: parseExpression(field) }];
  });
  const names = fields.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new DefinitionError(`${twice}: is there twice`);
  return { kind: 'object', fields };
}

/** Throws a `StateError` for a path that leads nowhere. */
export function fill(template: Template, input: Json, context: Json): Json {
  switch (template.kind) {
    case 'constant':
      return template.value;
    case 'expression':
      return evaluate(template.expression, input, context);
    case 'list':
      return template.elements.map((each) => fill(each, input, context));
    case 'object':
      return Object.fromEntries(template.fields.map(([name, each]) => [name, fill(each, input, context)]));
  }
}
