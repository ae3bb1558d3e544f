import { entropyOf, isPlaceholder } from '../entropy.ts';
import { type Judgement, rule } from '../rule.ts';

/** Passwords that say that there is none: variables, format strings, the word itself. */
function isNoPassword(value: string): boolean {
  return /^(?:\$\w+|\$\{[^}]*\}|%[a-z]|\{[^}]*\}|<[^>]*>|\*+|pass(?:word)?|pwd|secret|user)$/i.test(value);
}

export const connectionRules = [
  rule({
    id: 'url_password',
    type: 'password in a URL',
    anchors: ['://'],
    reach: 26,
    expression: /[A-Za-z][A-Za-z0-9+.-]{1,24}:\/\/[^\s:@/'"<>]{0,64}:(?<value>[^\s@'"<>/]{3,128})@[\w.[\]:-]{1,255}/y,
    maxLength: 500,
    lowEntropy: true,
    judge: (value, { text, start, end }) => {
      if (isNoPassword(value) || /[^\x21-\x7e]/.test(value)) return undefined;
      const [, user = ''] = /:\/\/([^:@]*):/.exec(text.slice(start, end)) ?? [];
      const host = text.slice(start, end).split('@').at(-1) ?? '';
      return { validity: isPlaceholder(value) && value.length < 12 ? 'example' : 'form_only', principal: `${user}@${host}`.slice(0, 200) };
    },
  }),
  rule({
    id: 'authorization_basic',
    type: 'basic authentication',
    anchors: ['Basic ', 'basic ', 'BASIC '],
    expression: /[Bb][Aa][Ss][Ii][Cc] {1,4}(?<value>[A-Za-z0-9+/]{8,400}={0,2})(?![A-Za-z0-9+/=])/y,
    maxLength: 450,
    judge: (value) => {
      const pair = Buffer.from(value, 'base64').toString('latin1');
      if (!/^[\x20-\x7e]+:[\x20-\x7e]+$/.test(pair)) return undefined;
      return { validity: 'valid', check: 'base64 of a user and a password', principal: `user ${pair.split(':')[0] ?? ''}`.slice(0, 100) };
    },
  }),
  rule({
    id: 'authorization_bearer',
    type: 'bearer token',
    anchors: ['Bearer ', 'bearer ', 'BEARER '],
    expression: /[Bb][Ee][Aa][Rr][Ee][Rr] {1,4}(?<value>[A-Za-z0-9._~+/-]{16,4000}=*)/y,
    maxLength: 4050,
    judge: (value) => {
      if (isPlaceholder(value) && value.length < 40) return { validity: 'example', check: 'a placeholder' };
      return /[0-9]/.test(value) && entropyOf(value) >= 3 ? { validity: 'form_only' } : undefined;
    },
  }),
  rule({
    id: 'api_key_header',
    type: 'API key in a header',
    anchors: ['-api-key: ', '-Api-Key: ', '-API-Key: ', '-API-KEY: ', '-auth-token: ', '-Auth-Token: '],
    reach: 10,
    expression: /[Xx]-(?:[A-Za-z]{1,8}-)?(?:[Aa][Pp][Ii]-[Kk][Ee][Yy]|[Aa]uth-[Tt]oken): {1,4}(?<value>[A-Za-z0-9._~+/=-]{16,400})/y,
    maxLength: 440,
    judge: (value) => (isPlaceholder(value) ? { validity: 'example', check: 'a placeholder' } : entropyOf(value) < 3 ? undefined : { validity: 'form_only' }),
  }),
  rule({
    id: 'azure_storage_key',
    type: 'Azure storage key',
    anchors: ['AccountKey='],
    expression: /AccountKey=(?<value>[A-Za-z0-9+/]{86}==)/y,
    maxLength: 110,
    boundary: 'none',
    judge: (value) => ({ validity: Buffer.from(value, 'base64').length === 64 ? 'valid' : 'invalid', check: '64 bytes in base64' }),
  }),
  rule({ id: 'azure_client_secret', type: 'Azure client secret', anchors: ['Q~'], reach: 4, expression: /[\w~.]{3}\dQ~[\w~.-]{31,34}/y, maxLength: 41 }),
  rule({
    id: 'docker_config_auth',
    type: 'registry password',
    anchors: ['"auth":', '"auth" :'],
    expression: /"auth"\s{0,3}:\s{0,3}"(?<value>[A-Za-z0-9+/]{8,2000}={0,2})"/y,
    maxLength: 2050,
    boundary: 'none',
    judge: (value) => {
      const pair = Buffer.from(value, 'base64').toString('latin1');
      return /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(pair) ? { validity: 'valid', check: 'base64 of a user and a password', principal: `user ${pair.split(':')[0] ?? ''}`.slice(0, 100) } : undefined;
    },
  }),
  rule({
    id: 'google_service_account',
    type: 'Google service account key id',
    anchors: ['"private_key_id"'],
    expression: /"private_key_id"\s{0,3}:\s{0,3}"(?<value>[0-9a-f]{40})"/y,
    maxLength: 80,
    boundary: 'none',
  }),
  rule({
    id: 'password_hash',
    type: 'password hash',
    anchors: ['$1$', '$5$', '$6$', '$y$', '$2a$', '$2b$', '$2y$', '$argon2id$', '$argon2i$', '$7$'],
    expression:
      /\$(?:1\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{22}|5\$(?:rounds=\d{1,9}\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{43}|6\$(?:rounds=\d{1,9}\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{86}|y\$[./0-9A-Za-z]{1,10}\$[./0-9A-Za-z]{1,86}\$[./0-9A-Za-z]{43}|2[aby]\$\d\d\$[./0-9A-Za-z]{53}|argon2id?\$v=\d{1,3}\$m=\d{1,9},t=\d{1,6},p=\d{1,4}\$[A-Za-z0-9+/]{8,100}\$[A-Za-z0-9+/]{20,200})/y,
    maxLength: 400,
    judge: () => ({ validity: 'valid', check: 'the structure of crypt(5)' }),
  }),
  rule({
    id: 'assigned_password',
    type: 'password in a setting',
    anchors: ['PASSWORD=', 'password=', 'Password=', 'PASSWD=', 'passwd=', 'Pwd=', 'SECRET=', 'secret=', 'TOKEN=', 'token=', 'API_KEY=', 'APIKEY=', 'api_key=', 'apikey=', 'apiKey=', 'PASSWORD:', 'Password:', 'password:', '"password":', '\\"password\\":', '"client_secret":', '"secret":', '"token":', '"apiKey":', 'PRIVATE_KEY=', 'SECRET_KEY=', 'secret_key=', 'PASSPHRASE=', 'passphrase='],
    expression: /\\?"?(?:password|passwd|pwd|client_secret|secret|token|api_?key|private_key|secret_key|passphrase)\\?"?\s{0,2}[=:]\s{0,2}\\?["']?(?<value>[^\s"'<>;&,\\]{6,256})/iy,
    maxLength: 300,
    boundary: 'none',
    lowEntropy: true,
    judge: judgeAssigned,
  }),
];

/** Values that a program text puts where a setting has a password: calls, members, names of types and variables. */
const programText = /^[\w.]*[([{]|^[a-z_][\w]*\.[\w.]+$|^[a-z]+(?:[A-Z][a-z]+)+$|^[A-Za-z_]+$|^(?:process\.|os\.|self\.|this\.|env\.|req\.)/;

function judgeAssigned(value: string): Judgement | undefined {
  if (/[^\x21-\x7e]/.test(value) || isNoPassword(value) || /^[$%({[]/.test(value) || value.startsWith('//') || value.startsWith('***')) return undefined;
  if (isPlaceholder(value)) return { validity: 'example', check: 'a placeholder' };
  if (programText.test(value) || !/[0-9!@#^+=~-]/.test(value)) return undefined;
  return { validity: 'form_only' };
}
