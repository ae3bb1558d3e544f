import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key and its certificate, as PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** An authority of its own, that lives as long as its folder. */
export interface CertificateAuthority {
  readonly ca: string;
  /** A certificate for servers at 127.0.0.1 and localhost. */
  server(name: string): KeyPair;
  client(name: string): KeyPair;
}

/** Makes an authority with OpenSSL. */
export function certificateAuthority(name: string): CertificateAuthority {
  const ca = within((run, read) => {
    run('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '30', '-subj', `/CN=${name}`, '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign');
    return { key: read('ca.key'), cert: read('ca.pem') };
  });
  const issue = (subject: string, usage: string): KeyPair =>
    within((run, read, write) => {
      write('ca.key', ca.key);
      write('ca.pem', ca.cert);
      write('extensions', `extendedKeyUsage=${usage}\nsubjectAltName=IP:127.0.0.1,DNS:localhost,DNS:${subject}\n`);
      run('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'own.key', '-out', 'own.csr', '-subj', `/CN=${subject}`);
      run('x509', '-req', '-in', 'own.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'own.pem', '-days', '30', '-extfile', 'extensions');
      return { key: read('own.key'), cert: read('own.pem') };
    });
  return { ca: ca.cert, server: (subject) => issue(subject, 'serverAuth'), client: (subject) => issue(subject, 'clientAuth') };
}

function within<T>(work: (run: (...words: string[]) => void, read: (file: string) => string, write: (file: string, text: string) => void) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'icecore-certificates-'));
  try {
    return work(
      (...words) => void execFileSync('openssl', words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }),
      (file) => readFileSync(join(folder, file), 'utf8'),
      (file, text) => writeFileSync(join(folder, file), text, { mode: 0o600 }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
