import { addedFiles, fileEvidence, linesOf, packagesChanged } from '../changed-files.ts';
import { detector } from '../detector.ts';
import type { Observation } from '../finding.ts';
import type { ExaminedFile } from '../examination.ts';

export const accountChange = detector({
  id: 'account-change',
  signal: 'S47',
  title: 'Change of the accounts',
  version: 1,
  techniques: ['T1136.001', 'T1098'],
  severity: 'high',
  category: 'attack',
  needs: ['changed_files'],
  falsePositives: 'entrypoints that add the uid they were given (OpenShift), packages that add their system users',
  *detect(examination) {
    const packages = packagesChanged(examination);
    for (const file of addedFiles(examination)) {
      if (/^\/etc\/passwd$/.test(file.path)) yield* passwordFile(file, packages);
      else if (/^\/etc\/shadow$/.test(file.path)) yield* shadowFile(file, packages);
      else if (/^\/etc\/group$/.test(file.path) && linesOf(file).some((line) => /^(?:sudo|wheel|root|docker|admin):[^:]*:\d+:.+$/.test(line)) && !packages) {
        const line = linesOf(file).find((each) => /^(?:sudo|wheel|docker|admin):[^:]*:\d+:.+$/.test(each));
        if (line !== undefined) yield { summary: `/etc/group was changed, and puts members into a group of administrators: ${line}`, confidence: 'low', evidence: [fileEvidence(file, line)], key: file.path };
      }
    }
  },
});

function* passwordFile(file: ExaminedFile, packages: boolean): Iterable<Observation> {
  const accounts = linesOf(file).map((line) => ({ line, fields: line.split(':') }));
  const bad = accounts.filter(({ fields: [name, password, uid] }) => (/^0+$/.test(uid ?? '') && name !== 'root') || password === '');
  const [first] = bad;
  if (first !== undefined) {
    const [name = '', password] = first.fields;
    yield { summary: `/etc/passwd was changed, and ${name} ${password === '' ? 'needs no password' : 'is root under another name'}`, confidence: 'high', evidence: [fileEvidence(file, first.line)], facts: { account: name }, key: file.path };
    return;
  }
  // An account that somebody may log in to, behind those that images come with.
  const added = accounts.filter(({ fields: [, , uid = '', , , , shell = ''] }) => Number(uid) >= 1000 && Number(uid) < 60_000 && /sh$/.test(shell)).at(-1);
  if (added !== undefined && !packages) yield { summary: `/etc/passwd was changed; its last account with a shell is ${added.fields[0] ?? ''}`, confidence: 'low', evidence: [fileEvidence(file, added.line)], key: file.path };
}

function* shadowFile(file: ExaminedFile, packages: boolean): Iterable<Observation> {
  const empty = linesOf(file).find((line) => /^[^:]+::/.test(line));
  if (empty !== undefined) yield { summary: `/etc/shadow was changed, and ${empty.split(':')[0] ?? ''} needs no password`, confidence: packages ? 'medium' : 'high', evidence: [fileEvidence(file, `${empty.split(':')[0] ?? ''}::`)], key: file.path };
  else if (!packages && linesOf(file).some((line) => /^[^:]+:\$/.test(line))) yield { summary: '/etc/shadow was changed, and holds a password', confidence: 'low', evidence: [fileEvidence(file)], key: file.path };
}
