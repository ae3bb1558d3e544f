import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkTimestamp } from '@icecore/evidence';
import { timestampAuthority } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-authority-'));
const run = (...words: string[]): Buffer => execFileSync('openssl', words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
let server: Server;
let url = '';

beforeAll(async () => {
  writeFileSync(join(folder, 'tsa.cnf'), [
    '[req]', 'distinguished_name=dn', 'prompt=no', '[dn]', 'CN=Lab Time', '[ca]', 'basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign', '[tsa]', 'extendedKeyUsage=critical,timeStamping', 'keyUsage=critical,digitalSignature',
    '[tsa_config]', 'serial=serial', 'signer_cert=tsa.pem', 'signer_key=tsa.key', 'signer_digest=sha256', 'default_policy=1.2.3.4.1', 'digests=sha256', 'ess_cert_id_alg=sha256', '',
  ].join('\n'));
  writeFileSync(join(folder, 'serial'), '01\n');
  run('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-config', 'tsa.cnf', '-extensions', 'ca', '-subj', '/CN=Lab Root');
  run('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'tsa.key', '-out', 'tsa.csr', '-config', 'tsa.cnf');
  run('x509', '-req', '-in', 'tsa.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'tsa.pem', '-extfile', 'tsa.cnf', '-extensions', 'tsa');
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.url === '/page') return void response.end('<html>');
    writeFileSync(join(folder, 'request.tsq'), Buffer.concat(chunks));
    run('ts', '-reply', '-queryfile', 'request.tsq', '-out', 'response.tsr', '-config', 'tsa.cnf', '-section', 'tsa_config');
    response.setHeader('content-type', 'application/timestamp-reply').end(readFileSync(join(folder, 'response.tsr')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}, 30_000);
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

describe('a time stamp authority over HTTP', () => {
  it('stamps a hash, and the stamp holds', async () => {
    const data = Buffer.from('what was there');
    const response = await timestampAuthority(url).stamp(createHash('sha256').update(data).digest());
    expect(await checkTimestamp(response, data, [readFileSync(join(folder, 'ca.pem'), 'utf8')])).toMatchObject({ holds: true, authority: 'Lab Time' });
  });

  it('is refused where it answers with something else', async () => {
    await expect(timestampAuthority(`${url}/page`).stamp(new Uint8Array(32))).rejects.toThrow('answered 200 with no type');
  });
});
