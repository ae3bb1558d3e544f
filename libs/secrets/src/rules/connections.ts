import { isPlaceholder } from '../entropy.ts';
import { rule } from '../rule.ts';

/** Passwords that say that there is none: variables, format strings, the word itself. */
function isNoPassword(value: string): boolean {
  return /^(?:\$\w+|\$\{[^}]*\}|%[a-z]|\{[^}]*\}|<[^>]*>|\*+|pass(?:word)?|pwd|secret|user)$/i.test(value);
}

const schemes = 'postgres(?:ql)?|mysql|mariadb|mongodb(?:\\+srv)?|rediss?|amqps?|mssql|sqlserver|jdbc:[a-z0-9]{2,20}|clickhouse|nats|ldaps?|ftps?|sftp|ssh|smtps?|imaps?|https?';

export const connectionRules = [
  rule({
    id: 'url_password',
    type: 'password in a URL',
    anchors: ['://'],
    reach: 26,
    expression: new RegExp(`(?:${schemes})://[^\\s:@/'"<>]{0,64}:(?<value>[^\\s@'"<>/]{3,128})@[\\w.\\[\\]:-]{1,255}`, 'y'),
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
    anchors: ['uthorization: Basic ', 'UTHORIZATION: Basic ', 'uthorization: basic '],
    expression: /uthorization: [Bb]asic (?<value>[A-Za-z0-9+/]{8,400}={0,2})/iy,
    maxLength: 450,
    boundary: 'none',
    judge: (value) => {
      const pair = Buffer.from(value, 'base64').toString('latin1');
      if (!/^[\x20-\x7e]*:[\x20-\x7e]*$/.test(pair)) return { validity: 'invalid', check: 'no user and password inside' };
      return { validity: 'valid', check: 'base64 of a user and a password', principal: `user ${pair.split(':')[0] ?? ''}`.slice(0, 100) };
    },
  }),
  rule({
    id: 'authorization_bearer',
    type: 'bearer token',
    anchors: ['uthorization: Bearer ', 'UTHORIZATION: Bearer ', 'uthorization: bearer '],
    expression: /uthorization: [Bb]earer (?<value>[A-Za-z0-9._~+/-]{16,4000}=*)/iy,
    maxLength: 4050,
    boundary: 'none',
    judge: (value) => (isPlaceholder(value) && value.length < 40 ? { validity: 'example', check: 'a placeholder' } : { validity: 'form_only' }),
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
    anchors: ['PASSWORD=', 'password=', 'Password=', 'PASSWD=', 'passwd=', 'SECRET=', 'secret=', 'TOKEN=', 'API_KEY=', 'APIKEY=', 'api_key=', 'PASSWORD:', 'password:', '"password":', '_SECRET_KEY=', 'PRIVATE_KEY=', 'SECRET_KEY='],
    expression: /"?(?:password|passwd|secret|token|api_?key|private_key|secret_key)"?\s{0,2}[=:]\s{0,2}["']?(?<value>[^\s"'<>;&,\\(){}$%*]{6,128})/iy,
    maxLength: 170,
    boundary: 'none',
    lowEntropy: true,
    judge: (value) => (isNoPassword(value) || isPlaceholder(value) || /[^\x21-\x7e]/.test(value) || !/[0-9A-Z_!@#^+=-]/.test(value) ? undefined : { validity: 'form_only' }),
  }),
];
