import { bigint, boolean, defineTable, double, integer, nullable, text, textList, timestamp, type ValuesOf } from '@icecore/lake';
import type { IndicatorHit, ScanHit } from '@icecore/scan';
import { addressKey } from '../address-key.ts';
import { hitColumns, hitValues, pidsOf } from '../hit-columns.ts';

const indicatorColumns = {
  type: text('url, domain, ipv4, email, md5, sha1, sha256, wallet, mining_pool, onion and others.'),
  value: text('The indicator, normalised; secrets in it are marked.'),
  address_key: nullable(text('An IP address as 32 hex digits, IPv4 as ::ffff:a.b.c.d, so that a network is a range of text; NULL for other types.')),
  occurrence_count: bigint('How often it stands in the capture.'),
  pids: textList('Processes that have it, ascending.'),
  encodings: textList('Encodings it was found in.'),
  ...hitColumns,
};

export const indicatorsTable = defineTable({ name: 'indicators', description: 'Something to pivot on that stands in a capture, each once, with its first place.', version: 1, columns: indicatorColumns, sortBy: ['type', 'value'] });

export function indicatorRows(hits: readonly ScanHit[]): ValuesOf<typeof indicatorColumns>[] {
  const found = new Map<string, { first: IndicatorHit; count: number; pids: Set<number>; encodings: Set<string> }>();
  for (const hit of hits) {
    if (hit.kind !== 'indicator') continue;
    const id = `${hit.type} ${hit.value}`;
    const known = found.get(id) ?? { first: hit, count: 0, pids: new Set(), encodings: new Set() };
    known.count += hit.count;
    for (const pid of pidsOf(hit.place)) known.pids.add(pid);
    known.encodings.add(hit.encoding);
    found.set(id, known);
  }
  return [...found.values()].map(({ first, count, pids, encodings }) => ({
    type: first.type,
    value: first.value,
    address_key: first.type === 'ipv4' || first.type === 'ipv6' ? addressKey(first.value) : null,
    occurrence_count: BigInt(count),
    pids: [...pids].sort((a, b) => a - b).map(String),
    encodings: [...encodings].sort(),
    ...hitValues(first.place),
  }));
}

const secretColumns = {
  rule: text('Id of the rule.'),
  secret_type: text('Kind of secret, for people.'),
  masked: text('First and last characters, or nothing where it is short or chosen by people.'),
  secret_hmac: text('HMAC-SHA256 of the value under the tenant’s key, in lower-case hex: equal for equal secrets.'),
  hmac_key_id: text('Which key made the HMAC.'),
  value_length: integer('Length of the value, in characters.'),
  entropy: double('Entropy of the value, in bits a character.'),
  validity: text('valid: an offline check holds; form_only; example: a documented one; invalid.'),
  validity_check: nullable(text('What the validity rests on; NULL where nothing can be checked.')),
  principal: nullable(text('Whose it is, where it says; NULL where not.')),
  expires_at: nullable(timestamp('When it expires, in UTC; NULL where it does not say.')),
  rule_corpus: boolean('True where it stands among the rules of a scanner.'),
  byte_length: bigint('Bytes that it takes.'),
  ...hitColumns,
};

export const secretsTable = defineTable({ name: 'secrets', description: 'One place of a secret in a capture. The secret itself is not here.', version: 1, columns: secretColumns, sortBy: ['secret_hmac', 'source', 'source_offset'] });

export function secretRows(hits: readonly ScanHit[]): ValuesOf<typeof secretColumns>[] {
  return hits.flatMap((hit) => {
    if (hit.kind !== 'secret') return [];
    const { secret } = hit;
    return [
      {
        rule: secret.rule,
        secret_type: secret.type,
        masked: secret.masked,
        secret_hmac: secret.hmac,
        hmac_key_id: secret.hmacKeyId,
        value_length: secret.length,
        entropy: secret.entropy,
        validity: secret.validity,
        validity_check: secret.check ?? null,
        principal: secret.principal ?? null,
        expires_at: secret.expiresAt ?? null,
        rule_corpus: hit.ruleCorpus,
        byte_length: BigInt(hit.byteLength),
        ...hitValues(hit.place),
      },
    ];
  });
}

const historyColumns = {
  entered_at: nullable(timestamp('When the line was entered, by the shell’s own note, in UTC.')),
  command: text('The line, with a mark in place of each secret.'),
  ...hitColumns,
};

export const shellHistoryTable = defineTable({ name: 'shell_history', description: 'One line of a shell’s history, from its memory.', version: 1, columns: historyColumns, sortBy: ['pid', 'entered_at'] });

export function historyRows(hits: readonly ScanHit[]): ValuesOf<typeof historyColumns>[] {
  return hits.flatMap((hit) => (hit.kind === 'history' ? [{ entered_at: hit.enteredAt ?? null, command: hit.command, ...hitValues(hit.place) }] : []));
}

const matchColumns = {
  kind: text('keyword: a word of icecore’s lists; watch: one of the user’s indicators; yara: a rule; magic: a file format; key_schedule: an expanded key.'),
  name: text('The word, indicator, rule, format or algorithm.'),
  list: nullable(text('List of the word, type of the indicator, namespace of the rule; NULL where there is none.')),
  description: text('Text around it, what the header says, or the HMAC of the key; secrets masked.'),
  ...hitColumns,
};

export const memoryMatchesTable = defineTable({ name: 'memory_matches', description: 'One place where a word, a rule, a file format or a key stands in a capture.', version: 1, columns: matchColumns, sortBy: ['kind', 'name', 'source', 'source_offset'] });

export function matchRows(hits: readonly ScanHit[]): ValuesOf<typeof matchColumns>[] {
  return hits.flatMap((hit): ValuesOf<typeof matchColumns>[] => {
    const at = hitValues(hit.place);
    switch (hit.kind) {
      case 'keyword':
        return [{ kind: hit.kind, name: hit.word, list: hit.list, description: hit.context, ...at }];
      case 'watch':
        return [{ kind: hit.kind, name: hit.indicator, list: hit.type, description: hit.encoding, ...at }];
      case 'yara':
        return [{ kind: hit.kind, name: hit.rule, list: hit.namespace, description: hit.string ?? '', ...at }];
      case 'magic':
        return [{ kind: hit.kind, name: hit.format, list: null, description: hit.description, ...at }];
      case 'key_schedule':
        return [{ kind: hit.kind, name: hit.algorithm, list: null, description: hit.hmac, ...at }];
      default:
        return [];
    }
  });
}
