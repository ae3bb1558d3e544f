import fc from 'fast-check';
import { describeSecret, findSecrets, isSecretName, knownSecrets, maskBytes, redact, redactArguments, redactAssignment, redactKnown, redactVariable, secretAnchors, secretKey } from './index.ts';
import { generatedSecrets } from './labelled.test-support.ts';
import { awsAccountOf } from './rules/aws.ts';

const key = secretKey(new Uint8Array(32).fill(7));
const secrets = generatedSecrets(99, 2);
const mark = /‹secret:[a-z0-9_]+:[0-9a-f]{8}›/g;

describe('redact', () => {
  it('leaves no secret of the labelled set in any text around it, and nothing more to redact', () => {
    const noise = fc.string({ unit: 'binary-ascii', maxLength: 40 }).map((text) => text.replace(/[A-Za-z0-9_+/=~.-]/g, ' '));
    fc.assert(
      fc.property(noise, fc.constantFrom(...secrets), noise, fc.constantFrom(...secrets), (before, one, between, other) => {
        const text = `${before} ${one.text} ${between}\n${other.text} `;
        const redacted = redact(text, key);
        expect(redacted).not.toContain(one.value);
        expect(redacted).not.toContain(other.value);
        expect(redact(redacted, key)).toBe(redacted);
      }),
      { numRuns: 400, seed: 1 },
    );
  });

  it('leaves text without secrets as it is', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'abc /:.@\n') }), (text) => redact(text, key) === text));
  });

  it('gives one secret one mark, and another under another key', () => {
    const text = secrets.find(({ rule }) => rule === 'github_token')?.text ?? '';
    const marks = redact(`${text} ${text}`, key).match(mark) ?? [];
    expect(new Set(marks).size).toBe(1);
    expect(redact(text, secretKey(new Uint8Array(32).fill(8)))).not.toBe(redact(text, key));
  });

  it('knows a password that is the same as the user and the host', () => {
    expect(redact('postgres://carol7:carol7@carol7/db', key)).toMatch(/^postgres:\/\/carol7:‹secret:url_password:[0-9a-f]{8}›@carol7\/db$/);
  });
});

describe('a secret as it is described', () => {
  it.each(secrets.map((secret) => [secret.what, secret] as const))('shows no more of %s than is allowed', (_, { text, value, rule }) => {
    const found = findSecrets(text).find((each) => each.rule.id === rule);
    expect(found).toBeDefined();
    if (found === undefined) return;
    const { masked, hmac, hmacKeyId } = describeSecret(found, key);
    const told = masked.replace('…', '');
    const prefix = found.rule.anchors.find((anchor) => value.startsWith(anchor)) ?? '';
    if (found.rule.lowEntropy === true) expect(masked).toBe('');
    else if (value.length < 20) expect([prefix, '']).toContain(told);
    else expect(told.length <= 6 || told === '-----BEGIN').toBe(true);
    expect([hmac, hmacKeyId]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), key.id]);
  });

  it('names the account that a key id belongs to', () => {
    expect(awsAccountOf('ASIAQNZGKIQY56JQ7WML')).toBe('029608264753');
  });
});

describe('a variable', () => {
  it.each(['DB_PASSWORD', 'PGPASSWORD', 'GITHUB_TOKEN', 'SECRET_KEY', 'AWS_SECRET_ACCESS_KEY', 'STRIPE_API_KEY', 'apiToken', 'rootPassword', 'LAB_ENV_SECRET', 'MYSQL_ROOT_PASSWORD', 'RAILS_MASTER_KEY', 'SENTRY_DSN', 'SMTP_PASS', 'TOKEN_1'])(
    'named %s shows nothing of its value',
    (name) => {
      const { value, secret } = redactVariable(name, 'correct horse battery', key);
      expect(value).toMatch(/^‹secret:named_secret:[0-9a-f]{8}›$/);
      expect(secret).toEqual({ type: 'named_secret', hmac: key.hmac('correct horse battery') });
      expect(redactVariable(name, value, key).value).toBe(value);
    },
  );

  it.each(['PATH', 'PWD', 'HOME', 'TOKEN_FILE', 'SSH_AUTH_SOCK', 'GPG_KEY', 'KEYBOARD', 'MONKEY', 'PASSENGER_APP_ENV', 'SECRET_NAME', 'TOKENIZERS_PARALLELISM', 'COMPASS', 'AUTHOR', 'KUBERNETES_PORT', 'PUBLIC_KEY', 'AWS_ACCESS_KEY_ID'])('named %s is shown', (name) => {
    expect(isSecretName(name)).toBe(false);
    expect(redactAssignment(`${name}=correct horse battery`, key)).toBe(`${name}=correct horse battery`);
  });

  it.each(['true', '1', 'none', '/run/secrets/token', ''])('that is a secret by name and has the value %j is shown', (value) => {
    expect(redactVariable('AUTH_TOKEN', value, key)).toEqual({ value, secret: undefined });
  });
});

describe('arguments', () => {
  it('hide what stands behind an option that takes a secret, and in assignments', () => {
    const words = ['mysql', '-u', 'root', '--password', 'hunter22', '--token=abcd1234', 'DB_PASSWORD=hunter22', '--port', '3306', '--author=me'];
    const redacted = redactArguments(words, key);
    expect(redacted.join(' ')).not.toMatch(/hunter22|abcd1234/);
    expect(redacted.filter((word, i) => word === words[i])).toEqual(['mysql', '-u', 'root', '--password', '--port', '3306', '--author=me']);
    expect(redactArguments(redacted, key)).toEqual(redacted);
  });
});

describe('values that are known from an environment', () => {
  it('are hidden wherever they stand, also where nothing else tells', () => {
    const known = knownSecrets(['SESSION_SECRET=ENV-SECRET-1111', 'PATH=/usr/bin:/bin', 'AUTH=database', 'TOKEN=short']);
    expect(known).toEqual(['ENV-SECRET-1111']);
    expect(redactKnown('echo ENV-SECRET-1111 database', known, key)).toMatch(/^echo ‹secret:known_secret:[0-9a-f]{8}› database$/);
  });
});

describe('bytes', () => {
  it.each(['latin1', 'utf16le'] as const)('have asterisks in place of secrets in %s', (encoding) => {
    const secret = secrets.find(({ rule }) => rule === 'stripe_key')?.value ?? '';
    for (const padding of ['', 'x']) {
      const bytes = Buffer.concat([Buffer.from(padding), Buffer.from(` key ${secret} `, encoding)]);
      const masked = Buffer.from(maskBytes(bytes));
      expect(masked.length).toBe(bytes.length);
      expect(masked.includes(Buffer.from(secret.slice(10), encoding))).toBe(false);
      expect(masked.includes(Buffer.from('key ', encoding))).toBe(true);
    }
  });
});

describe('time', () => {
  const mebibyte = 1 << 20;
  it.each([
    ['key heads with bodies', `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(60)}\n`],
    ['key heads', '-----BEGIN PRIVATE KEY-----'],
    ['token heads', 'eyJhbGciOiJIUzI1NiJ9.eyJ'],
    ['URLs that never end', 'https://aaaaaaaaaaaaaaaa:bbbbbbbb'],
    ['letters', 'a'],
    ['mixed anchors', 'AKIAghp_sk-proj-eyJhvs.://:@"auth":"$6$'],
    ['every anchor', secretAnchors.join('')],
    ['every anchor and a space', secretAnchors.join(' ')],
  ])('is bounded for a mebibyte of %s', (_, piece) => {
    expect(millisecondsFor(piece, mebibyte)).toBeLessThan(5000);
  });

  it.each(secretAnchors.map((anchor) => [anchor]))('is bounded for %j again and again', (anchor) => {
    expect(millisecondsFor(anchor, mebibyte / 16)).toBeLessThan(1500);
  });

  /** Of processor time, which does not tell what else the machine does. */
  function millisecondsFor(piece: string, length: number): number {
    const text = piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
    const start = process.cpuUsage();
    findSecrets(text);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  }
});
