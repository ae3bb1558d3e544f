import { addedFiles, fileEvidence, textOf } from '../changed-files.ts';
import { descriptorEvidence } from '../connections.ts';
import { detector } from '../detector.ts';
import { named, programOf } from '../programs.ts';
import { pidOf, secretEvidence } from './private-key.ts';

const logins = new Set(['su', 'sudo', 'sshd', 'login', 'passwd', 'chpasswd', 'unix_chkpwd', 'cron', 'crond', 'useradd', 'usermod', 'dovecot', 'vsftpd', 'proftpd', 'doas', 'slapd', 'pkexec']);

export const passwordHashes = detector({
  id: 'password-hashes',
  signal: 'S39',
  title: 'Password hashes in the hands of a program that checks none',
  version: 2,
  techniques: ['T1003.008'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'programs that check passwords: su, sshd, PAM’s helpers',
  *detect(examination) {
    const { snapshot, hits = [] } = examination;
    for (const process of snapshot.processes) {
      if (logins.has(programOf(process))) continue;
      const open = process.descriptors.find(({ file }) => /^\/etc\/g?shadow-?$/.test(file.name));
      if (open !== undefined) yield { pid: process.pid, summary: `${named(process)} has ${open.file.name} open`, confidence: 'high', evidence: [descriptorEvidence(process, open)], key: `fd ${process.pid}` };
    }
    for (const file of addedFiles(examination)) {
      if (file.type !== 'file' || /^\/etc\/g?shadow-?$/.test(file.path) || !/^root:\$\w{1,8}\$/m.test(textOf(file))) continue;
      yield { summary: `${file.path} is a copy of the accounts’ password hashes`, confidence: 'high', evidence: [fileEvidence(file)], key: `file ${file.path}` };
    }
    const told = new Set<number>();
    for (const hit of hits) {
      if (hit.kind !== 'secret' || hit.secret.rule !== 'password_hash' || hit.ruleCorpus || hit.place.kind !== 'memory') continue;
      const pid = pidOf(hit);
      const process = snapshot.processes.find((each) => each.pid === pid);
      if (process === undefined || told.has(process.pid) || logins.has(programOf(process))) continue;
      told.add(process.pid);
      yield {
        pid: process.pid,
        summary: `${named(process)} has a password hash in its memory`,
        confidence: 'low',
        evidence: [secretEvidence(hit)],
        facts: { secret_hmac: hit.secret.hmac },
        key: `memory ${process.pid}`,
      };
    }
  },
});
