import type { SecretHit } from '@icecore/scan';
import { descriptorOf, processOf } from '@icecore/snapshot/test-support';
import type { Process } from '@icecore/snapshot';
import { detect } from '../detect.ts';
import { examinationOf, examinedFile, inFile, inMemory, keywordHit, open, type Scene, started, tcp } from '../examination.test-support.ts';
import { answers } from './answers.test-support.ts';
import { cloudMetadata } from './cloud-metadata.ts';
import { credentialFiles } from './credential-files.ts';
import { environmentSecret } from './environment-secret.ts';
import { historySecret } from './history-secret.ts';
import { passwordHashes } from './password-hashes.ts';
import { privateKey } from './private-key.ts';
import { processMemoryAccess } from './process-memory-access.ts';
import { serviceAccountToken } from './service-account-token.ts';

const memory = inMemory(5, 0x5000n);
const hit = (rule: string, validity: SecretHit['secret']['validity'], parts: Partial<SecretHit> = {}): SecretHit => ({
  kind: 'secret',
  encoding: 'ascii',
  byteLength: 64,
  ruleCorpus: false,
  place: memory,
  secret: { rule, type: rule, masked: '', hmac: 'a'.repeat(64), hmacKeyId: 'k', length: 64, entropy: 5, validity, check: undefined, principal: undefined, expiresAt: undefined },
  ...parts,
});
const history = (command: string): Scene => ({ hits: [{ kind: 'history', pid: 5, command, enteredAt: undefined, place: memory }] });
const holding = (path: string, program = '/opt/app', parts: Partial<Process> = {}): Scene => ({ processes: [started(5, program, [program], { descriptors: [descriptorOf(3, path)], ...parts })] });
const connected = (program: string, to: string): Scene => ({ processes: [started(5, program, [program], { descriptors: open([3], 50) })], sockets: [tcp(50, to)] });
const token = '/var/run/secrets/kubernetes.io/serviceaccount/token';

answers(serviceAccountToken, [
  ['a shell with the token open', holding(token, '/bin/sh'), ['5 high']],
  ['a downloader with a token in memory', { processes: [started(5, '/usr/bin/curl', ['curl'])], hits: [hit('kubernetes_service_account_token', 'valid')] }, ['5 high']],
  ['with less confidence a program of its own', holding(token), ['5 low']],
  ['another secret in memory', { processes: [started(5, '/bin/sh', ['sh'])], hits: [hit('aws_access_key_id', 'valid')] }, []],
  ['a scanner’s rules', { processes: [started(5, '/bin/sh', ['sh'])], hits: [hit('kubernetes_service_account_token', 'valid', { ruleCorpus: true })] }, []],
]);

const request = keywordHit('cloud_metadata', 'latest/meta-data/iam', memory);

answers(cloudMetadata, [
  ['a downloader that is connected', connected('/usr/bin/curl', '169.254.169.254:80'), ['5 high']],
  ['a shell with the request in its memory', { processes: [started(5, '/bin/bash', ['bash'])], hits: [request] }, ['5 medium']],
  ['with less confidence a program of its own', connected('/opt/app', '169.254.170.2:80'), ['5 low']],
  ['the request in the memory of a program of its own', { processes: [started(5, '/opt/app', ['app'])], hits: [request] }, []],
  ['another link-local address', connected('/usr/bin/curl', '169.254.20.10:53'), []],
]);

answers(credentialFiles, [
  ['a file that was written', { files: [examinedFile('/root/.aws/credentials', '[default]\n')] }, ['- high']],
  ['one that is open', holding('/root/.kube/config'), ['5 medium']],
  ['settings without credentials', { files: [examinedFile('/root/.aws/config', '[default]\n')] }, []],
  ['a folder of the name', { files: [examinedFile('/root/.netrc', '', { type: 'directory' })] }, []],
]);

answers(privateKey, [
  ['a key in memory', { hits: [hit('private_key', 'valid')] }, ['5 high']],
  ['one key in two places once', { hits: [hit('private_key', 'valid'), hit('private_key', 'valid', { place: inFile('/root/.ssh/id_ed25519', 'rootfs') })] }, ['5 high']],
  ['a block that is no key for sure', { hits: [hit('private_key', 'form_only')] }, ['5 medium']],
  ['a scanner’s rules', { hits: [hit('private_key', 'valid', { ruleCorpus: true })] }, []],
  ['another secret', { hits: [hit('aws_access_key_id', 'valid')] }, []],
]);

describe('the severity of a private key', () => {
  const tls = tcp(9, undefined, { local: { address: '0.0.0.0', port: 443 } });
  it.each([
    ['is medium', { hits: [hit('private_key', 'valid')] }, 'medium'],
    ['is informational for a documented example', { hits: [hit('private_key', 'example')] }, 'informational'],
    ['is informational for the key of a server that ends TLS', { hits: [hit('private_key', 'valid')], sockets: [tls] }, 'informational'],
    ['is medium for a key of logins beside such a server', { hits: [hit('private_key', 'valid', { place: inFile('/root/.ssh/id_ed25519', 'rootfs') })], sockets: [tls] }, 'medium'],
  ] as const)('%s', (_title, scene, severity) => {
    expect(detect(examinationOf(scene), [privateKey]).findings.map((finding) => finding.severity)).toEqual([severity]);
  });
});

answers(environmentSecret, [
  ['a key of a cloud', { hits: [hit('aws_access_key_id', 'valid')] }, ['5 high']],
  ['one secret of two processes once', { hits: [hit('github_token', 'valid'), hit('github_token', 'valid', { place: inMemory(6, 0x6000n) })] }, ['5 high']],
  ['a secret that cannot be checked', { hits: [hit('generic', 'form_only')] }, ['5 medium']],
  ['a value that is none', { hits: [hit('github_token', 'invalid')] }, []],
  ['a private key, which is told elsewhere', { hits: [hit('private_key', 'valid')] }, []],
]);

answers(historySecret, [
  ['a secret that was typed', history('mysql -p‹secret:password:0a0a0a0a›'), ['5 high']],
  ['one in a file of history', { files: [examinedFile('/root/.bash_history', 'export TOKEN=x\n')], redact: (text) => text.replace(/TOKEN=x/, 'TOKEN=‹secret:token:0a0a0a0a›') }, ['- high']],
  ['a command without one', history('ls -la'), []],
  ['a secret in another file', { files: [examinedFile('/root/notes', 'export TOKEN=x\n')], redact: () => '‹secret:token:0a0a0a0a›' }, []],
]);

answers(processMemoryAccess, [
  ['the memory of another', holding('/proc/7/mem'), ['5 high']],
  ['the environment of another', holding('/proc/7/task/7/environ'), ['5 high']],
  ['the memory of the node', holding('/proc/kcore'), ['5 high']],
  ['the map of another', holding('/proc/7/maps'), ['5 medium']],
  ['with less confidence a debugger', holding('/proc/7/mem', '/usr/bin/gdb'), ['5 low']],
  ['one that only calls itself a debugger', { processes: [started(5, '/tmp/x', ['gdb'], { comm: 'gdb', descriptors: [descriptorOf(3, '/proc/7/mem')] })] }, ['5 high']],
  ['its own memory', holding('/proc/5/mem'), []],
  ['the status of another', holding('/proc/7/status'), []],
]);

const shadow = `root:$6$abcdefgh$${'A'.repeat(86)}:1:0:99999:7:::\n`;

answers(passwordHashes, [
  ['the file open', holding('/etc/shadow'), ['5 high']],
  ['a copy of it', { files: [examinedFile('/tmp/s', shadow)] }, ['- high']],
  ['with less confidence a hash in memory', { processes: [started(5, '/opt/app', ['app'])], hits: [hit('password_hash', 'form_only')] }, ['5 low']],
  ['one that only calls itself a login', { processes: [started(5, '/tmp/x', ['sshd'], { comm: 'sshd', descriptors: [descriptorOf(3, '/etc/shadow')] })] }, ['5 high']],
  ['a program that checks passwords', holding('/etc/shadow', '/usr/sbin/sshd'), []],
  ['the file in its place', { files: [examinedFile('/etc/shadow', shadow)] }, []],
  ['the accounts open', holding('/etc/passwd'), []],
  ['a process that has gone', { processes: [processOf(1)], hits: [hit('password_hash', 'form_only')] }, []],
]);
