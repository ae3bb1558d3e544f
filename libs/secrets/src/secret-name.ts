/** Names of environment variables and settings whose value is a secret, whatever it looks like. */
const secretName = /(?:^|[_.-])(?:PASS(?:WORD|WD|PHRASE|CODE)?|PW|PWD|SECRET|SECRETS|TOKEN|API_?KEY|APIKEY|PRIVATE_?KEY|ACCESS_?KEY|AUTH|CREDENTIALS?|ENCRYPTION_?KEY|SIGNING_?KEY|MASTER_?KEY|SESSION_?KEY|CONNECTION_?STRING|CONN_STR|KEY|SALT|COOKIE|LICENSE|DSN|WEBHOOK)(?:$|[_.-](?:\d+|BASE64|B64|VALUE|JSON|PEM|SECRET|DEFAULT|ID))/i;
/** Names in one word: `rootPassword`, `PGPASSWORD`, `apiToken`. */
const joinedName = /(?:PASSWORD|PASSWD|PASSPHRASE)$|[a-z](?:Secret|Token|ApiKey|Password|SecretKey|PrivateKey)$|^(?:apikey|authtoken|secretkey)$/i;
/** Such names that hold no secret: paths, switches, names of things. */
const publicName = /(?:FILE|PATH|DIR|URL_PATH|NAME|HOST|PORT|USER|SOCK|SOCKET|ENABLED|DISABLED|REQUIRED|TIMEOUT|EXPIR\w*|TTL|LENGTH|SIZE|TYPE|MODE|METHOD|ALGORITHM|GPG_KEY|PUBLIC_KEY|PUB_KEY|KEY_ID|TOKEN_ID|AUTH_ID|OLDPWD|XAUTHORITY|SSH_AUTH_SOCK|KEYMAP|KEYBOARD|PRIMARY_KEY|SORT_KEY|PARTITION_KEY|FOREIGN_KEY|ROUTING_KEY|CACHE_KEY)$|^(?:PWD|OLDPWD|GPG_KEY|PYTHON_SHA256|XDG_\w+|KEY)$/i;

/** True where a variable of this name holds a secret, whatever its value looks like. */
export function isSecretName(name: string): boolean {
  return (secretName.test(name) || joinedName.test(name)) && !publicName.test(name);
}
