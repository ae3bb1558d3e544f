import { addressKey } from '@icecore/tables';
import { techniqueOf } from '@icecore/findings';
import type { CaseCapture, CaseFileSet, CaseFinding, CaseIndicator } from './case-file.ts';
import { fileObservable, hashObservable, type Observable, ownId, patternOf, valueObservable } from './stix-objects.ts';

/** An object of a bundle. */
export interface StixObject {
  readonly type: string;
  readonly spec_version: '2.1';
  readonly id: string;
  readonly [property: string]: unknown;
}

export interface StixBundle {
  readonly type: 'bundle';
  readonly id: string;
  readonly objects: readonly StixObject[];
}

/** Severity from which what a finding names counts as a sign of an attack. */
const leastSeverity = 3;

/**
 * The indicators as a STIX 2.1 bundle. Everything seen is observed data; an `indicator` is only what a finding of an
 * attack of at least medium severity names: its peer, its files. The same case gives the same bundle, id for id.
 */
export function stixBundle(set: CaseFileSet): StixBundle {
  const latest = new Date(Math.max(0, ...set.captures.map(({ captured_at }) => captured_at?.getTime() ?? 0))).toISOString();
  const dates = { created: latest, modified: latest };
  const identity = { type: 'identity', spec_version: '2.1', id: ownId('identity', 'icecore'), ...dates, name: 'icecore', identity_class: 'system' } as const;
  const common = { spec_version: '2.1', created_by_ref: identity.id, ...dates } as const;
  const observed = observedData(set, common);
  const signs = signsOf(set);
  const patterns = attackPatterns(set.findings, common);
  const indicators = [...signs.values()].map((sign) => indicatorOf(sign, latest, common));
  const relations = [...signs.values()].flatMap((sign) => relationsOf(sign, common));
  const observables = new Map([...observed.observables, ...[...signs.values()].map(({ observable }) => observable)].map((each) => [each.id, each]));
  const told: StixObject[] = [...[...observables.values()].map((each) => ({ ...each })), ...observed.objects, ...patterns, ...indicators, ...relations];
  const sorted = told.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const name = set.captures.map(({ capture_id }) => capture_id).sort().join(' ');
  const report: StixObject = {
    type: 'report',
    id: ownId('report', name),
    ...common,
    name: `Checkpoint forensics of ${set.captures.length} capture${set.captures.length === 1 ? '' : 's'}`,
    description: set.incidents.map(({ title, severity }) => `${severity}: ${title}`).join('\n') || 'No incident.',
    report_types: ['indicator'],
    published: latest,
    object_refs: [identity.id, ...sorted.map(({ id }) => id)],
  };
  return { type: 'bundle', id: ownId('bundle', name), objects: [identity, ...sorted, report] };
}

type Common = { readonly spec_version: '2.1'; readonly created_by_ref: string; readonly created: string; readonly modified: string };

function observedData({ captures, indicators, files }: CaseFileSet, common: Common): { readonly observables: readonly Observable[]; readonly objects: readonly StixObject[] } {
  const seen = captures.map((capture) => {
    const own = new Map<string, Observable>();
    for (const indicator of indicators) {
      const observable = indicator.capture_id === capture.capture_id ? observableOf(indicator) : undefined;
      if (observable !== undefined) own.set(observable.id, observable);
    }
    for (const { capture_id, sha256, path } of files) {
      if (capture_id !== capture.capture_id) continue;
      const observable = fileObservable(sha256, nameOf(path));
      own.set(observable.id, observable);
    }
    return { capture, own };
  });
  const objects = seen.filter(({ own }) => own.size > 0).map(({ capture, own }) => dataOf(capture, [...own.keys()].sort(), common));
  return { observables: seen.flatMap(({ own }) => [...own.values()]), objects };
}

function dataOf({ capture_id, captured_at }: CaseCapture, refs: readonly string[], common: Common): StixObject {
  const moment = (captured_at ?? new Date(0)).toISOString();
  return { type: 'observed-data', id: ownId('observed-data', capture_id), ...common, first_observed: moment, last_observed: moment, number_observed: 1, object_refs: refs };
}

function observableOf({ type, value }: CaseIndicator): Observable | undefined {
  switch (type) {
    case 'ipv4':
      return valueObservable('ipv4-addr', value);
    case 'ipv6':
      return valueObservable('ipv6-addr', value);
    case 'domain':
    case 'onion':
      return valueObservable('domain-name', value);
    case 'url':
      return valueObservable('url', value);
    case 'email':
      return valueObservable('email-addr', value);
    case 'mac_address':
      return valueObservable('mac-addr', value.toLowerCase());
    case 'md5':
      return hashObservable('MD5', value);
    case 'sha1':
      return hashObservable('SHA-1', value);
    case 'sha256':
      return hashObservable('SHA-256', value);
    default:
      return undefined;
  }
}

interface Sign {
  readonly observable: Observable;
  readonly findings: CaseFinding[];
}

/** What findings of attacks name: peers, and files by their hash. */
function signsOf({ findings, files }: CaseFileSet): ReadonlyMap<string, Sign> {
  const signs = new Map<string, Sign>();
  const add = (observable: Observable, finding: CaseFinding): void => {
    const known = signs.get(observable.id);
    if (known === undefined) signs.set(observable.id, { observable, findings: [finding] });
    else if (!known.findings.includes(finding)) known.findings.push(finding);
  };
  const hashes = Map.groupBy(files, ({ capture_id, path }) => `${capture_id} ${path}`);
  for (const finding of findings) {
    if (finding.category !== 'attack' || finding.severity_id < leastSeverity) continue;
    const address = finding.facts['peer']?.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
    if (address !== undefined && addressKey(address) !== null) add(valueObservable(address.includes(':') ? 'ipv6-addr' : 'ipv4-addr', address), finding);
    for (const { path } of finding.evidence) {
      for (const { sha256 } of hashes.get(`${finding.capture_id} ${path ?? ''}`) ?? []) add(fileObservable(sha256, nameOf(path ?? '')), finding);
    }
  }
  return signs;
}

function indicatorOf({ observable, findings }: Sign, latest: string, common: Common): StixObject {
  const [first] = findings;
  return {
    type: 'indicator',
    id: ownId('indicator', observable.id),
    ...common,
    name: observable.value ?? observable.name ?? Object.values(observable.hashes ?? {})[0] ?? '',
    description: [...new Set(findings.map(({ summary }) => summary))].slice(0, 20).join('\n'),
    indicator_types: ['malicious-activity'],
    pattern: patternOf(observable),
    pattern_type: 'stix',
    pattern_version: '2.1',
    valid_from: latest,
    confidence: { low: 15, medium: 50, high: 85 }[first?.confidence ?? 'low'],
  };
}

function relationsOf({ observable, findings }: Sign, common: Common): readonly StixObject[] {
  const source = ownId('indicator', observable.id);
  const techniques = [...new Set(findings.flatMap(({ techniques: ids }) => ids))].sort();
  return techniques.map((technique) => {
    const target = ownId('attack-pattern', technique);
    return { type: 'relationship', id: ownId('relationship', `${source} indicates ${target}`), ...common, relationship_type: 'indicates', source_ref: source, target_ref: target };
  });
}

function attackPatterns(findings: readonly CaseFinding[], common: Common): readonly StixObject[] {
  const ids = [...new Set(findings.filter(({ category }) => category !== 'gap').flatMap(({ techniques }) => techniques))].sort();
  return ids.map((id) => ({
    type: 'attack-pattern',
    id: ownId('attack-pattern', id),
    ...common,
    name: techniqueOf(id)?.name ?? id,
    external_references: [{ source_name: 'mitre-attack', external_id: id, url: `https://attack.mitre.org/techniques/${id.replace('.', '/')}` }],
  }));
}

function nameOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}
