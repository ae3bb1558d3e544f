import type { IndicatorHit } from '@icecore/scan';
import type { Process } from '@icecore/snapshot';
import { plainAddress, socketEvidence, socketsOf } from '../connections.ts';
import { detector } from '../detector.ts';
import type { EvidenceItem, Observation } from '../finding.ts';
import type { Examination } from '../examination.ts';
import { baseName, commandLineOf, named } from '../programs.ts';

const tools = /^(?:iodine|iodined|dnscat2?|dns2tcp[cd]?|dnstt-client|heyoka|ozymandns|chashell|sliver)/;
/** Sockets to resolvers that one process may have before that is much. */
const manySockets = 20;

/** Names under one domain that look like data before they are much, and characters of data in a name before it looks so. */
const fewestNames = 10;
const fewestCharacters = 40;
const caches = /^(?:dnsmasq|coredns|unbound|named|systemd-resolve|nscd|kube-dns)/;
/** Domains whose own names are long and drawn by lot: clouds, networks of content, certificates. */
const drawnByLot = /(?:^|\.)(?:amazonaws\.com|cloudfront\.net|awsglobalaccelerator\.com|windows\.net|azure\.com|azureedge\.net|trafficmanager\.net|googleusercontent\.com|googlesyndication\.com|usercontent\.goog|akamai\w*\.net|edgekey\.net|edgesuite\.net|fastly\.net|acm-validations\.aws|vercel\.app|netlify\.app|ngrok\.io|ngrok-free\.app|onion|local|internal|arpa)$/;

export const dnsTunnel = detector({
  id: 'dns-tunnel',
  signal: 'S27',
  title: 'Data over the name service',
  version: 2,
  techniques: ['T1071.004'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'caches of the name service that run in the container; services that put a hash into names',
  *detect(examination) {
    const names = namesWithData(examination);
    for (const process of examination.snapshot.processes) {
      const name = [process.executable?.name, process.comm].map((each) => baseName(each ?? '')).find((each) => tools.test(each));
      const queries = socketsOf(process, examination).filter(({ socket }) => socket.type === 'SOCK_DGRAM' && socket.remote?.port === 53);
      const many = queries.length >= manySockets && !caches.test(process.comm);
      if (name === undefined && !many) {
        if (!caches.test(process.comm)) yield* dataInNames(process, names, queries.length > 0);
        continue;
      }
      const [first] = queries;
      yield {
        pid: process.pid,
        summary: name === undefined ? `${named(process)} has ${queries.length} sockets to name servers${first?.socket.remote === undefined ? '' : ` such as ${plainAddress(first.socket.remote.address)}`}` : `${named(process)} is ${name}, which carries data over the name service`,
        confidence: name === undefined ? 'medium' : 'high',
        evidence: [first === undefined ? { what: 'command line', pid: process.pid, value: commandLineOf(process), image: `mm-${process.pid}.img` } : socketEvidence(process, first)],
        key: `dns ${process.pid}`,
      };
    }
  },
});

/** A name that holds data, and the domain that it is under. */
interface NameWithData {
  readonly domain: string;
  readonly hit: IndicatorHit;
}

function namesWithData({ hits = [] }: Examination): readonly NameWithData[] {
  return hits.flatMap((hit) => {
    const domain = hit.kind === 'indicator' && hit.type === 'domain' ? domainOfData(hit.value) : undefined;
    return domain === undefined || hit.kind !== 'indicator' ? [] : [{ domain, hit }];
  });
}

/** Many names under one domain that hold data where others hold words. */
function* dataInNames(process: Process, withData: readonly NameWithData[], asks: boolean): Iterable<Observation> {
  const under = new Map<string, Map<string, EvidenceItem>>();
  for (const { domain, hit } of withData) {
    const evidence = nameEvidence(hit, process.pid);
    if (evidence === undefined) continue;
    const names = under.get(domain) ?? new Map<string, EvidenceItem>();
    under.set(domain, names.set(hit.value, evidence));
  }
  for (const [domain, names] of [...under].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const [first, ...rest] = names.values();
    if (first === undefined || names.size < fewestNames) continue;
    yield {
      pid: process.pid,
      summary: `${named(process)} has ${names.size} names under ${domain} in its memory that hold data${asks ? ', and asks a name server' : ''}`,
      confidence: asks ? 'high' : 'medium',
      evidence: [first, ...rest.slice(0, 4)],
      facts: { domain, names: String(names.size) },
      key: `dns ${process.pid} ${domain}`,
    };
  }
}

/** The domain that a name with data is under; undefined for a name that holds none. */
function domainOfData(name: string): string | undefined {
  const labels = name.toLowerCase().split('.');
  const [second = '', last = ''] = labels.slice(-2);
  const own = labels.slice(0, second.length <= 3 && last.length === 2 ? -3 : -2);
  const domain = labels.slice(own.length).join('.');
  const data = own.filter((label) => /^[a-z0-9_]{16,63}$/.test(label) && /\d/.test(label) && /[a-z]/.test(label) && new Set(label).size >= 10);
  return drawnByLot.test(domain) || data.join('').length < fewestCharacters ? undefined : domain;
}

function nameEvidence({ place, value }: IndicatorHit, pid: number): EvidenceItem | undefined {
  const address = place.kind === 'memory' ? place.owners.find((owner) => owner.pid === pid)?.address : undefined;
  return place.kind !== 'memory' || address === undefined ? undefined : { what: 'name in memory', pid, address, length: value.length, value, image: place.image, offset: place.offset };
}
