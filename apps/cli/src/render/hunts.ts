import type { Hunt, HuntParameter } from '@icecore/hunts';
import { shown, type TextColumn } from './text-table.ts';

/** The columns and rows of the list of hunts. */
export function huntLines(hunts: readonly Hunt[]): [readonly TextColumn[], readonly (readonly string[])[]] {
  const columns = [{ title: 'HUNT' }, { title: 'TECHNIQUE' }, { title: 'PARAMETERS' }, { title: 'QUESTION', flexible: true }];
  return [columns, hunts.map(({ name, technique, parameters, question }) => [name, technique ?? '', parameters.map(parameterText).join(' '), shown(question)])];
}

function parameterText({ name, default: given }: HuntParameter): string {
  return given === undefined ? `${name}=…` : `[${name}=${shown(given)}]`;
}
