/* eslint-disable no-restricted-imports -- OpenSSL is a program of its own, and only tests run it */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TimestampAuthority, timestampRequest } from './index.ts';

/** A real time stamp authority: OpenSSL's, with certificates made for the test; `certificate` is the root's. */
export function opensslAuthority(usage = 'critical,timeStamping'): { authority: TimestampAuthority; certificate: string; folder: string; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'icecore-tsa-'));
  const run = (...words: string[]): Buffer => execFileSync('openssl', words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  writeFileSync(join(folder, 'tsa.cnf'), [
    '[req]', 'distinguished_name=dn', 'prompt=no', '[dn]', 'CN=Lab Time', '[ca]', 'basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign', '[tsa]', `extendedKeyUsage=${usage}`, 'keyUsage=critical,digitalSignature', 'basicConstraints=CA:FALSE',
    '[tsa_config]', 'serial=serial', 'signer_cert=tsa.pem', 'signer_key=tsa.key', 'signer_digest=sha256', 'default_policy=1.2.3.4.1', 'digests=sha256', 'accuracy=secs:1', 'ess_cert_id_alg=sha256', '',
  ].join('\n'));
  writeFileSync(join(folder, 'serial'), '01\n');
  run('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '30', '-config', 'tsa.cnf', '-extensions', 'ca', '-subj', '/CN=Lab Root');
  run('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'tsa.key', '-out', 'tsa.csr', '-config', 'tsa.cnf');
  run('x509', '-req', '-in', 'tsa.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'tsa.pem', '-days', '30', '-extfile', 'tsa.cnf', '-extensions', 'tsa');
  return {
    folder,
    certificate: readFileSync(join(folder, 'ca.pem'), 'utf8'),
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
