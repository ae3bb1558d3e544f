import { boolean, double, integer, nullable, text, timestamp, type ValuesOf } from '@icecore/lake';
import type { KeyScheduleHit, SecretHit } from '@icecore/scan';
import { type FindingFilling, findingTable } from '../finding-filling.ts';
import { hitColumns, hitValues, placeKey } from '../hit-columns.ts';
import { sortedBy } from '../values.ts';

const columns = {
  rule: text('Rule that recognised it, for example aws_access_key_id; aes_key_schedule for an expanded key of a cipher.'),
  type: text('Kind of secret.'),
  masked: text('First and last characters alone; empty where even these would tell too much. The value itself is in no table.'),
  hmac: text('HMAC-SHA256 of the value under the key of the lake, in lower-case hex: the same secret has the same one.'),
  hmac_key_id: text('Key that made the HMAC; only HMACs of one key compare.'),
  length: nullable(integer('Length of the value, in characters; NULL for a key schedule.')),
  entropy: nullable(double('Shannon entropy of the value, in bits a character; NULL for a key schedule.')),
  validity: text('valid: an offline check holds; form_only: nothing can be checked; example: documented or a placeholder; invalid: the check fails.'),
  check_name: nullable(text('What the validity rests on; NULL where nothing was checked.')),
  principal: nullable(text('Who it belongs to, where it says so; NULL else.')),
  expires_at: nullable(timestamp('When it expires, where it says so, in UTC; NULL else.')),
  rule_corpus: boolean('True where it stands among the words of many rules: a scanner’s own rules rather than a secret in use.'),
  encoding: nullable(text('ascii or utf-16le; NULL for a key schedule.')),
  byte_length: nullable(integer('Bytes that the value takes at its place; NULL for a key schedule.')),
  ...hitColumns,
};
type Row = ValuesOf<typeof columns>;

export const secrets = findingTable(
  { name: 'secrets', description: 'One place where a secret was seen, masked.', version: 1, columns, sortBy: ['rule', 'hmac'] },
  function* ({ hits }: FindingFilling): Iterable<Row> {
    const found = (hits ?? []).filter((hit) => hit.kind === 'secret' || hit.kind === 'key_schedule');
    const keyed = found.map((hit) => ({ row: hit.kind === 'secret' ? secretRow(hit) : scheduleRow(hit), place: placeKey(hit.place) }));
    for (const { row } of sortedBy(keyed, ({ row: { rule, hmac }, place }) => `${rule}\0${hmac}\0${place}`)) yield row;
  },
);

function secretRow({ secret, encoding, byteLength, ruleCorpus, place }: SecretHit): Row {
  const { rule, type, masked, hmac, hmacKeyId, length, entropy, validity, check, principal, expiresAt } = secret;
  return {
    rule,
    type,
    masked,
    hmac,
    hmac_key_id: hmacKeyId,
    length,
    entropy,
    validity,
    check_name: check ?? null,
    principal: principal ?? null,
    expires_at: expiresAt ?? null,
    rule_corpus: ruleCorpus,
    encoding,
    byte_length: byteLength,
    ...hitValues(place),
  };
}

function scheduleRow({ algorithm, hmac, hmacKeyId, place }: KeyScheduleHit): Row {
  return {
    rule: 'aes_key_schedule',
    type: `${algorithm} key schedule`,
    masked: '',
    hmac,
    hmac_key_id: hmacKeyId,
    length: null,
    entropy: null,
    validity: 'valid',
    check_name: 'every round key follows from the one before',
    principal: null,
    expires_at: null,
    rule_corpus: false,
    encoding: null,
    byte_length: null,
    ...hitValues(place),
  };
}
