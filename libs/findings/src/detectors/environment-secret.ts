import type { SecretHit } from '@icecore/scan';
import { detector } from '../detector.ts';
import { pidOf, secretEvidence } from './private-key.ts';

/** Told of by detectors of their own. */
const elsewhere = /^(?:private_key|age_secret_key|kubeconfig_client_key|kubernetes_service_account_token|password_hash)/;

export const environmentSecret = detector({
  id: 'environment-secret',
  signal: 'S36',
  title: 'Secret that the container holds',
  version: 1,
  techniques: ['T1552'],
  severity: 'low',
  category: 'exposure',
  needs: ['memory_scan'],
  falsePositives: 'secrets in the environment are how many workloads are configured; whoever reads the checkpoint has them',
  *detect({ hits = [] }) {
    const secrets = new Map<string, SecretHit[]>();
    for (const hit of hits) {
      if (hit.kind !== 'secret' || hit.ruleCorpus || elsewhere.test(hit.secret.rule) || hit.secret.validity === 'invalid') continue;
      secrets.set(hit.secret.hmac, [...(secrets.get(hit.secret.hmac) ?? []), hit]);
    }
    for (const [hmac, found] of secrets) {
      const first = found.find(({ place }) => place.kind === 'memory' && place.region === 'environment') ?? found[0];
      if (first === undefined) continue;
      const { secret } = first;
      const pid = pidOf(first);
      const example = secret.validity === 'example';
      const where = first.place.kind === 'memory' ? (first.place.region === 'environment' ? 'in the environment' : 'in memory') : first.place.kind === 'file' ? `in ${first.place.path}` : 'on its way';
      const pids = [...new Set(found.flatMap(({ place }) => (place.kind === 'memory' ? place.owners.flatMap((owner) => owner.pid ?? []) : place.pids)))];
      yield {
        ...(pid === undefined ? {} : { pid }),
        summary: `${example ? 'a documented example of ' : ''}${secret.type}${secret.masked === '' ? '' : ` ${secret.masked}`} ${where}${pids.length > 1 ? ` of ${pids.length} processes` : ''}${secret.principal === undefined ? '' : `, ${secret.principal}`}`,
        confidence: secret.validity === 'valid' ? 'high' : 'medium',
        ...(example ? { severity: 'informational' as const } : secret.validity === 'valid' ? { severity: 'medium' as const } : {}),
        evidence: [secretEvidence(first), ...found.filter((hit) => hit !== first).slice(0, 4).map(secretEvidence)],
        facts: { rule: secret.rule, validity: secret.validity, secret_hmac: hmac, ...(secret.principal === undefined ? {} : { principal: secret.principal }) },
        key: hmac,
      };
    }
  },
});
