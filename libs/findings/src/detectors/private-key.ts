import type { SecretHit } from '@icecore/scan';
import { detector } from '../detector.ts';
import type { EvidenceItem } from '../finding.ts';

/** One key is told once, wherever it stands. */
export const privateKey = detector({
  id: 'private-key',
  signal: 'S35',
  title: 'Private key',
  version: 1,
  techniques: ['T1552.004'],
  severity: 'medium',
  category: 'exposure',
  needs: ['memory_scan'],
  falsePositives: 'servers that end TLS hold their key by design',
  *detect({ hits = [], snapshot }) {
    const keys = new Map<string, SecretHit[]>();
    for (const hit of hits) {
      if (hit.kind !== 'secret' || hit.ruleCorpus || !/^(?:private_key|age_secret_key|kubeconfig_client_key)/.test(hit.secret.rule)) continue;
      keys.set(hit.secret.hmac, [...(keys.get(hit.secret.hmac) ?? []), hit]);
    }
    const tls = snapshot.sockets.some(({ state, local }) => state === 'LISTEN' && local !== undefined && [443, 8443, 6443, 5671, 636, 993].includes(local.port));
    for (const [hmac, found] of keys) {
      const [first, ...others] = [...found].sort((a, b) => rank(a) - rank(b));
      if (first === undefined) continue;
      const pid = pidOf(first);
      const count = found.reduce((sum, { place }) => sum + (place.kind === 'memory' ? place.owners.length : 1), 0);
      yield {
        ...(pid === undefined ? {} : { pid }),
        summary: `a ${first.secret.validity === 'example' ? 'documented example of a ' : ''}private key (${first.secret.check ?? 'PEM'}${first.secret.principal === undefined ? '' : `, ${first.secret.principal}`}) stands ${placeName(first)}${count > 1 ? `, and in ${count - 1} more places` : ''}`,
        confidence: first.secret.validity === 'valid' ? 'high' : 'medium',
        ...(first.secret.validity === 'example' || (tls && first.secret.validity === 'valid' && !found.some(inFolderOfKeys)) ? { severity: 'informational' as const } : {}),
        evidence: [secretEvidence(first), ...others.slice(0, 9).map(secretEvidence)],
        facts: { secret_hmac: hmac, validity: first.secret.validity },
        key: hmac,
      };
    }
  },
});

/** Keys for logins serve no TLS. */
function inFolderOfKeys({ place }: SecretHit): boolean {
  return place.kind === 'file' && /\/\.ssh\/|\/id_(?:rsa|ed25519|ecdsa)/.test(place.path);
}

/** Memory of a process tells most; copies in files come after it. */
function rank({ place }: SecretHit): number {
  return place.kind === 'memory' ? (place.region === 'heap' || place.region === 'environment' ? 0 : 1) : 2;
}

export function pidOf({ place }: SecretHit): number | undefined {
  return place.kind === 'memory' ? place.owners[0]?.pid : place.pids[0];
}

export function placeName({ place }: SecretHit): string {
  if (place.kind === 'memory') return `in the memory of process ${place.owners[0]?.pid ?? 'nobody'} (${place.region.replace('_', ' ')})`;
  return place.kind === 'file' ? `in ${place.path}` : `in ${place.subject}`;
}

export function secretEvidence({ place, secret, byteLength }: SecretHit): EvidenceItem {
  const value = secret.masked === '' ? secret.type : `${secret.type} ${secret.masked}`;
  if (place.kind === 'memory') {
    const [owner] = place.owners;
    return { what: 'secret in memory', ...(owner?.pid === undefined ? {} : { pid: owner.pid }), ...(owner === undefined ? {} : { address: owner.address }), length: byteLength, image: place.image, offset: place.offset, value };
  }
  if (place.kind === 'file') return { what: 'secret in a file', path: place.path, image: place.entry, offset: place.offset, length: byteLength, value };
  return { what: 'secret in a queue', image: place.image, offset: place.offset, length: byteLength, value };
}
