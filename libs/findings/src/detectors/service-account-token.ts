import { descriptorEvidence } from '../connections.ts';
import { detector } from '../detector.ts';
import { isProgram, named } from '../programs.ts';

const tokenPath = /\/(?:var\/)?run\/secrets\/(?:kubernetes\.io|eks\.amazonaws\.com)\/serviceaccount\/(?:\.\.data\/)?token$|\/serviceaccount\/(?:\.\.\d[^/]*\/)?token$/;

export const serviceAccountToken = detector({
  id: 'service-account-token',
  signal: 'S32',
  title: 'Kubernetes token in the hands of a shell or tool',
  version: 1,
  techniques: ['T1528', 'T1552.007'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'programs that talk to the Kubernetes API by design read their token too; shells and network tools do not',
  *detect({ snapshot, hits = [] }) {
    for (const process of snapshot.processes) {
      const tool = isProgram(process, 'shell') || isProgram(process, 'relay') || isProgram(process, 'downloader');
      const open = process.descriptors.find(({ file }) => tokenPath.test(file.name));
      if (open !== undefined) {
        yield {
          pid: process.pid,
          summary: `${named(process)} has the pod’s Kubernetes token open`,
          confidence: tool ? 'high' : 'low',
          evidence: [descriptorEvidence(process, open)],
          key: `fd ${process.pid}`,
        };
      }
      const token = hits.find((hit) => hit.kind === 'secret' && hit.secret.rule === 'kubernetes_service_account_token' && !hit.ruleCorpus && hit.place.kind === 'memory' && hit.place.owners.some(({ pid }) => pid === process.pid));
      if (token?.kind !== 'secret' || token.place.kind !== 'memory') continue;
      const address = token.place.owners.find(({ pid }) => pid === process.pid)?.address;
      const main = process.pid === 1 || process.ppid === 0;
      yield {
        pid: process.pid,
        summary: `${named(process)} has a Kubernetes token in its memory (${token.secret.principal ?? token.secret.masked})`,
        confidence: tool ? 'high' : main ? 'low' : 'medium',
        ...(tool ? {} : { severity: 'low' as const }),
        evidence: [{ what: 'token in memory', pid: process.pid, ...(address === undefined ? {} : { address, length: token.byteLength }), value: token.secret.masked, image: token.place.image, offset: token.place.offset }],
        facts: { secret_hmac: token.secret.hmac, ...(token.secret.principal === undefined ? {} : { principal: token.secret.principal }) },
        key: `memory ${process.pid}`,
      };
    }
  },
});
