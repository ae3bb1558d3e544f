import { bigint, json, nullable, text, textList, type ValuesOf } from '@icecore/lake';
import { type FindingFilling, findingTable } from '../finding-filling.ts';
import { hitColumns, hitValues, placeKey } from '../hit-columns.ts';
import { sortedBy } from '../values.ts';

const columns = {
  rule: text('Name of the rule.'),
  rule_namespace: text('File or namespace that the rule is from.'),
  tags: textList('Tags of the rule.'),
  meta: nullable(json('Metadata of the rule by name; NULL where it has none.')),
  string_name: nullable(text('String of the rule that matched here; NULL for a rule without strings.')),
  match_bytes: bigint('Length of the match, in bytes.'),
  ...hitColumns,
};

export const yaraMatches = findingTable(
  { name: 'yara_matches', description: 'One place where one of the user’s YARA rules matches.', version: 1, columns, sortBy: ['rule_namespace', 'rule'] },
  function* ({ hits }: FindingFilling): Iterable<ValuesOf<typeof columns>> {
    const matches = (hits ?? []).filter((hit) => hit.kind === 'yara');
    for (const match of sortedBy(matches, ({ namespace, rule, place, string }) => `${namespace}\0${rule}\0${placeKey(place)}\0${string ?? ''}`)) {
      const { rule, namespace, tags, meta, string, byteLength, place } = match;
      yield {
        rule,
        rule_namespace: namespace,
        tags,
        meta: Object.keys(meta).length === 0 ? null : meta,
        string_name: string ?? null,
        match_bytes: BigInt(byteLength),
        ...hitValues(place),
      };
    }
  },
);
