import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TimestampAuthority, timestampRequest } from './index.ts';

/** A real time stamp authority: OpenSSL's, with a certificate made for the test. */
export function opensslAuthority(usage = 'critical,timeStamping'): { authority: TimestampAuthority; certificate: string; folder: string; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'icecore-tsa-'));
  const run = (...words: string[]): Buffer => execFileSync('openssl', words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  writeFileSync(join(folder, 'tsa.cnf'), [
    '[req]', 'distinguished_name=dn', 'x509_extensions=tsa', 'prompt=no', '[dn]', 'CN=Lab Time', '[tsa]', `extendedKeyUsage=${usage}`, 'keyUsage=critical,digitalSignature', 'basicConstraints=CA:FALSE',
    '[tsa_config]', 'serial=serial', 'signer_cert=tsa.pem', 'signer_key=tsa.key', 'signer_digest=sha256', 'default_policy=1.2.3.4.1', 'digests=sha256', 'accuracy=secs:1', 'ess_cert_id_alg=sha256', '',
  ].join('\n'));
  writeFileSync(join(folder, 'serial'), '01\n');
  run('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'tsa.key', '-out', 'tsa.pem', '-days', '30', '-config', 'tsa.cnf');
  return {
    folder,
    certificate: readFileSync(join(folder, 'tsa.pem'), 'utf8'),
    authority: {
      async stamp(sha256) {
        writeFileSync(join(folder, 'request.tsq'), await timestampRequest(sha256));
        run('ts', '-reply', '-queryfile', 'request.tsq', '-out', 'response.tsr', '-config', 'tsa.cnf', '-section', 'tsa_config');
        return readFileSync(join(folder, 'response.tsr'));
      },
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
