import { readdirSync, readFileSync } from 'node:fs';
import { dialectProblems, type Hunt, huntNamed, huntsDocument, parseHunt, pivotOf, renderHunt, shippedHunts } from './index.ts';
import { huntFiles } from './hunt-files.ts';
import { trinoGrammar, type Validate } from './trino.test-support.ts';

const folder = new URL('../../../hunts/', import.meta.url);
const hunts = shippedHunts();
const sample: Readonly<Record<string, string>> = { text: "it's", number: '7', date: '2026-11-23', yesno: 'yes', network: '10.0.0.0/8', address: '10.0.0.1' };
const valuesOf = ({ parameters }: Hunt): Record<string, string> => Object.fromEntries(parameters.map(({ name, type }) => [name, sample[type] ?? '']));

let validate: Validate;
beforeAll(async () => {
  validate = await trinoGrammar();
}, 60_000);

describe('the shipped hunts', () => {
  it('are the files of hunts/; generate.mjs takes them over', () => {
    const files = readdirSync(folder).sort();
    expect(Object.entries(huntFiles).map(([name]) => `${name}.sql`)).toEqual(files);
    for (const file of files) expect(huntFiles[file.slice(0, -4)]).toBe(readFileSync(new URL(file, folder), 'utf8'));
  });

  it('are what docs/hunts.md tells of', () => {
    expect(readFileSync(new URL('../../../docs/hunts.md', import.meta.url), 'utf8')).toBe(huntsDocument(hunts));
  });

  it('pass values beside the statement, never in it', () => {
    for (const hunt of hunts) {
      const { sql, parameters } = renderHunt(hunt, valuesOf(hunt));
      expect(sql).not.toContain("it's");
      expect(sql.match(/\?/g)?.length ?? 0).toBe(parameters.length + (hunt.sql.match(/\?/g)?.length ?? 0));
    }
  });
});

describe.each(hunts.map((hunt) => [hunt.name, hunt] as const))('%s', (_, hunt) => {
  it('is read by the grammar of Trino, which is Athena’s', () => {
    expect(validate(renderHunt(hunt, valuesOf(hunt)).sql)).toEqual([]);
  });

  it('uses nothing that the engines understand differently', () => {
    expect(dialectProblems(hunt.sql)).toEqual([]);
  });

  it('says in what order its rows come', () => {
    expect(hunt.sql).toMatch(/\nORDER BY [^()]*$|\nORDER BY .*$/);
  });
});

describe('the grammar of Trino', () => {
  it.each(['SELECT x FROM t LIMIT 1 OFFSET 2', 'SELECT x::varchar FROM t', 'SELECT x FROM t QUALIFY 1', 'SELECT FROM'])('refuses %s', (sql) => {
    expect(validate(sql)).not.toEqual([]);
  });
});

describe('the dialect check', () => {
  it.each([
    ['SELECT a / b FROM t'],
    ['SELECT a::varchar FROM t'],
    ['SELECT any_match(a, x -> x > 1) FROM t'],
    ['SELECT date_format(a, \'%i\') FROM t'],
    ['SELECT concat(a, b) FROM t'],
    ['SELECT a[1] FROM t'],
    ['SELECT x FROM t LIMIT 1 OFFSET 2'],
    ['SELECT array_agg(x) FROM t'],
    ['SELECT t.x FROM findings CROSS JOIN UNNEST(evidence) AS t(x)'],
    ["SELECT x FROM t WHERE regexp_like(x, '(?=a)')"],
    ["SELECT x FROM t WHERE regexp_like(x, '(a)\\1')"],
    ['SELECT any_value(x) FROM t'],
    ['SELECT TRY(x) FROM t'],
    ["SELECT x FROM t WHERE x ILIKE 'a'"],
    ['SELECT current_date'],
    ['SELECT 1;'],
    ['SELECT CAST(x AS integer) FROM t'],
  ])('tells of %s', (sql) => {
    expect(dialectProblems(sql)).not.toEqual([]);
  });

  it.each([
    ["SELECT 'a / b :: c[1]; concat(x)' FROM t -- a / b\n"],
    ['SELECT array_agg(DISTINCT x ORDER BY x) FROM t'],
    ["SELECT array_join(array_agg(coalesce(x, '') ORDER BY x), '; ') FROM t"],
    ["SELECT x FROM t WHERE regexp_like(x, '^(a|b)[.]c+$')"],
  ])('lets pass %s', (sql) => {
    expect(dialectProblems(sql)).toEqual([]);
  });
});

const good = '-- title: A title\n-- question: Which?\n-- technique: T1059.004\n-- parameter: most number = 3: how many\n-- parameter: word text: what\nSELECT x FROM t WHERE y <= :most AND z = :word AND w = \':most\'\nORDER BY x\n';

describe('a hunt of one’s own', () => {
  it('is read with its parameters', () => {
    expect(parseHunt('mine', good)).toMatchObject({
      name: 'mine',
      title: 'A title',
      technique: 'T1059.004',
      parameters: [{ name: 'most', type: 'number', default: '3' }, { name: 'word', type: 'text', default: undefined }],
    });
  });

  it('becomes a statement whose values stand beside it, each time they are used', () => {
    expect(renderHunt(parseHunt('mine', good), { word: 'a' })).toEqual({ sql: "SELECT x FROM t WHERE y <= CAST(? AS bigint) AND z = CAST(? AS varchar) AND w = ':most'\nORDER BY x", parameters: ['3', 'a'] });
  });

  it.each([
    ['no title', good.replace('-- title: A title\n', ''), /title/],
    ['an unknown key', `-- who: me\n${good}`, /who/],
    ['a technique that is none', good.replace('T1059.004', 'shell'), /technique/],
    ['a parameter of no known type', good.replace('number', 'float'), /type must be one of/],
    ['a parameter without a summary', good.replace(': how many', ''), /expected NAME TYPE/],
    ['a parameter that is not used', `-- parameter: more text: x\n${good}`, /more is not used/],
    ['a parameter that is not declared', good.replace(':word', ':other'), /:other is no parameter/],
    ['no statement', good.split('\n').slice(0, 5).join('\n'), /no statement/],
  ])('is refused with %s', (_, text, message) => {
    expect(() => parseHunt('mine', text)).toThrow(message);
  });

  it.each(['Mine', '../mine', 'a b', ''])('is refused under the name %p', (name) => {
    expect(() => parseHunt(name, good)).toThrow(expect.objectContaining({ code: 'invalid_hunt' }));
  });

  it.each([
    [{}, /needs word/],
    [{ word: 'a', most: 'x' }, /whole number/],
    [{ word: 'a', other: 'x' }, /no parameter other/],
    [{ word: 'a'.repeat(5000) }, /longer than/],
  ])('is refused with the values %p', (values, message) => {
    expect(() => renderHunt(parseHunt('mine', good), values)).toThrow(message);
  });

  it.each([
    ['new-since', { since: '2026-13-01' }],
    ['new-since', { since: "2026-01-01' OR 1" }],
    ['pivot-network', { network: '10.0.0.0' }],
    ['pivot-address', { address: '10.0.0' }],
    ['captures-with-gaps', { damage_only: 'true' }],
  ])('checks the type of a value: %s %p', (name, values) => {
    expect(() => renderHunt(huntNamed(hunts, name), values)).toThrow(expect.objectContaining({ code: 'invalid_parameter' }));
  });

  it('is not found under a name that none has, and those near are told', () => {
    expect(() => huntNamed(hunts, 'pivot')).toThrow(/there is pivot-address, .*pivot-user/);
  });
});

describe('a pasted value', () => {
  it.each([
    ['d41d8cd98f00b204e9800998ecf8427e', 'hash', 'pivot-hash', { value: 'd41d8cd98f00b204e9800998ecf8427e' }],
    ['SHA256:' + 'AB'.repeat(32), 'hash', 'pivot-hash', { value: 'ab'.repeat(32) }],
    ['10.88.0.1', 'address', 'pivot-address', { address: '10.88.0.1' }],
    ['10[.]88[.]0[.]1', 'address', 'pivot-address', { address: '10.88.0.1' }],
    ['2001:DB8::1', 'address', 'pivot-address', { address: '2001:db8::1' }],
    ['10.88.0.0/16', 'network', 'pivot-network', { network: '10.88.0.0/16' }],
    ['fd00::/8', 'network', 'pivot-network', { network: 'fd00::/8' }],
    ['hxxps://evil[.]example/x', 'url', 'pivot-string', { value: 'https://evil.example/x' }],
    ['stratum+tcp://pool.example:3333', 'url', 'pivot-string', { value: 'stratum+tcp://pool.example:3333' }],
    ['me@example.com', 'email', 'pivot-string', { value: 'me@example.com' }],
    ['Evil.Example.COM.', 'domain', 'pivot-domain', { domain: 'evil.example.com' }],
    ['/tmp/.x/', 'path', 'pivot-path', { path: '/tmp/.x' }],
    ['/', 'path', 'pivot-path', { path: '/' }],
    ['xmrig', 'string', 'pivot-string', { value: 'xmrig' }],
    ['re:10\\.88\\.\\d+', 'expression', 'pivot-expression', { expression: '10\\.88\\.\\d+' }],
    ['10.88.0', 'string', 'pivot-string', { value: '10.88.0' }],
    ['999.1.1.1', 'string', 'pivot-string', { value: '999.1.1.1' }],
  ])('%s is a %s', (pasted, type, hunt, values) => {
    expect(pivotOf(pasted)).toEqual({ type, hunt, values });
    expect(() => renderHunt(huntNamed(hunts, hunt), values)).not.toThrow();
  });
});
