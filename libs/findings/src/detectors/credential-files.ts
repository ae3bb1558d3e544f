import { addedFiles, fileEvidence } from '../changed-files.ts';
import { descriptorEvidence } from '../connections.ts';
import { detector } from '../detector.ts';
import { named } from '../programs.ts';

const credentialFile = /\/(?:\.aws\/credentials|\.kube\/config|\.docker\/config\.json|\.netrc|\.git-credentials|\.pgpass|\.my\.cnf|\.config\/gcloud\/(?:credentials\.db|application_default_credentials\.json)|\.azure\/(?:accessTokens|msal_token_cache)[^/]*|\.config\/gh\/hosts\.yml|\.npmrc|\.pypirc|\.vault-token|\.terraform\.d\/credentials\.tfrc\.json|\.s3cfg|\.boto)$/;

export const credentialFiles = detector({
  id: 'credential-files',
  signal: 'S34',
  title: 'File with credentials',
  version: 1,
  techniques: ['T1552.001'],
  severity: 'medium',
  category: 'exposure',
  needs: [],
  falsePositives: 'workloads that write their own configuration when they start',
  *detect(examination) {
    for (const file of addedFiles(examination)) {
      if (file.type !== 'file' || !credentialFile.test(file.path)) continue;
      yield { summary: `${file.path}, which holds credentials, was written after the container started`, confidence: 'high', evidence: [fileEvidence(file)], key: file.path };
    }
    for (const process of examination.snapshot.processes) {
      const open = process.descriptors.find(({ file }) => credentialFile.test(file.name));
      if (open !== undefined) yield { pid: process.pid, summary: `${named(process)} has ${open.file.name} open`, confidence: 'medium', evidence: [descriptorEvidence(process, open)], key: `fd ${process.pid} ${open.file.name}` };
    }
  },
});
