import type { KeywordHit } from '@icecore/scan';
import { type Process, valuesOf } from '@icecore/snapshot';
import { type HeldSocket, isIncoming, isInet, isLoopback, peerOf, socketEvidence, socketsOf } from '../connections.ts';
import { detector } from '../detector.ts';
import type { Examination } from '../examination.ts';
import type { EvidenceItem, Observation } from '../finding.ts';
import { baseName, commandLineOf, named } from '../programs.ts';

const minerNames = /^\.?(?:xmrig|xmr-stak|minerd|cpuminer|ccminer|nbminer|t-rex|lolminer|phoenixminer|ethminer|gminer|trex|kdevtmpfsi|kinsing|cgminer|bfgminer|nanominer|teamredminer|srbminer|wildrig|randomx|xmrigdaemon|cryptonight|sysrv\w*)/i;
const minerArguments = /stratum2?\+(?:tcp|ssl|tls):\/\/|--donate-level|--coin[= ](?:monero|xmr)|--algo[= ]?(?:rx|cn|randomx|kawpow|ethash|cryptonight)|-o\s+[\w.-]*(?:pool|xmr|mine)[\w.-]*:\d+|--nicehash|--rig-id/i;
const scanners = /^(?:falco|tracee|clamd|clamscan|osqueryd|trivy|gitleaks|yara|suricata|icecore)/;
/** Threads of the idle class before they are a pattern: a program that tidies up has one or two. */
const fewestIdleThreads = 4;
/** Words of a miner by what they tell: each kind alone may stand in a program that only speaks of mining; two of them seldom do. */
const wordKinds: readonly RegExp[] = [/^stratum/, /^(?:mining\.|"seed_hash")/, /^(?:"algo|randomx|cryptonight)/, /^(?:donate-level|nicehash)/, /^(?:minexmr|supportxmr|nanopool|moneroocean|hashvault|2miners|ethermine)/];
const poolPorts = new Set([3333, 3334, 3335, 3336, 4444, 5555, 7777, 14433, 14444, 45560, 45700]);

export const cryptominer = detector({
  id: 'cryptominer',
  signal: 'S25',
  title: 'Cryptocurrency miner',
  version: 3,
  techniques: ['T1496.001'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'security tools that carry such words in their own rules',
  *detect(examination) {
    const { snapshot, hits = [] } = examination;
    for (const process of snapshot.processes) {
      if (scanners.test(process.comm)) continue;
      const evidence: EvidenceItem[] = [];
      const name = minerNameOf(process);
      const line = commandLineOf(process);
      if (minerArguments.test(line) || name !== undefined) evidence.push({ what: name === undefined ? 'command line' : 'name', pid: process.pid, value: name ?? line, image: `mm-${process.pid}.img` });
      const inMemory = hits.filter((hit): hit is KeywordHit => hit.kind === 'keyword' && hit.list === 'miner' && !hit.ruleCorpus && ownedBy(hit, process.pid));
      const words = wordKinds.flatMap((kind) => inMemory.find(({ word }) => kind.test(word)) ?? []);
      const address = inMemory.find(({ word }) => word.startsWith('stratum'));
      if (address !== undefined) evidence.push(memoryEvidence(address, process.pid));
      const idle = process.threads.filter(({ scheduling }) => scheduling.policy === 'SCHED_IDLE').length;
      if (idle >= fewestIdleThreads) evidence.push({ what: 'threads of the class SCHED_IDLE', pid: process.pid, value: String(idle), image: `core-${process.pid}.img` });
      if (evidence.length === 0 && words.length > 1) yield speaksAsMiner(process, words, examination);
      if (evidence.length === 0) continue;
      const connection = socketsOf(process, examination).find(({ socket }) => isInet(socket) && socket.state === 'ESTABLISHED' && poolPorts.has(socket.remote?.port ?? 0));
      if (connection !== undefined) evidence.push(socketEvidence(process, connection));
      const sure = minerArguments.test(line) || (name !== undefined && address !== undefined) || connection !== undefined || name !== undefined;
      const [first] = evidence;
      if (!sure && address === undefined && first !== undefined) {
        yield { pid: process.pid, summary: `${named(process)} has ${idle} threads that run when nobody else does, as miners have`, confidence: 'low', evidence: [first, ...evidence.slice(1)], facts: { command_line: line }, key: `miner ${process.pid}` };
        continue;
      }
      yield observationOf(process, evidence, name, sure, connection === undefined ? undefined : peerOf(connection.socket));
    }
  },
});

/** What a miner keeps in memory, whatever it calls itself and however it reaches its pool. */
function speaksAsMiner(process: Process, words: readonly KeywordHit[], examination: Examination): Observation {
  const [first, ...rest] = words.map((hit) => memoryEvidence(hit, process.pid));
  const outward = socketsOf(process, examination).find((held) => isOutward(held, examination));
  const told = words.map(({ word }) => word).join(', ');
  return {
    pid: process.pid,
    summary: `${named(process)} has words of different parts of a miner in its memory (${told})${outward === undefined ? '' : `, and a connection to ${peerOf(outward.socket) ?? 'a peer'}`}`,
    confidence: words.length > 2 || outward !== undefined ? 'medium' : 'low',
    evidence: [first ?? { what: 'process', pid: process.pid }, ...rest, ...(outward === undefined ? [] : [socketEvidence(process, outward)])],
    facts: { words: told, command_line: commandLineOf(process) },
    key: `miner ${process.pid}`,
  };
}

function isOutward({ socket }: HeldSocket, examination: Examination): boolean {
  return isInet(socket) && socket.state === 'ESTABLISHED' && !isLoopback(socket.remote?.address ?? '') && !isIncoming(examination, socket);
}

function observationOf(process: Process, evidence: readonly EvidenceItem[], name: string | undefined, sure: boolean, peer: string | undefined): Observation {
  const [first, ...rest] = evidence;
  return {
    pid: process.pid,
    summary: sure ? `${named(process)} ${name === undefined ? 'was told to mine at a pool' : `goes by the name of a miner, ${name}`}` : `${named(process)} has the address of a mining pool in its memory`,
    confidence: sure ? 'high' : 'low',
    evidence: [first ?? { what: 'process', pid: process.pid }, ...rest],
    facts: { ...(peer === undefined ? {} : { peer }), command_line: commandLineOf(process) },
    key: `miner ${process.pid}`,
  };
}

function minerNameOf(process: Process): string | undefined {
  const names = [process.executable?.name, valuesOf(process.arguments)[0], process.comm].flatMap((name) => (name === undefined ? [] : [baseName(name)]));
  return names.find((name) => minerNames.test(name));
}

function ownedBy({ place }: KeywordHit, pid: number): boolean {
  return place.kind === 'memory' && place.owners.some((owner) => owner.pid === pid);
}

function memoryEvidence({ place, context, word }: KeywordHit, pid: number): EvidenceItem {
  const address = place.kind === 'memory' ? place.owners.find((owner) => owner.pid === pid)?.address : undefined;
  return { what: 'text in memory', pid, ...(address === undefined ? {} : { address, length: word.length }), value: context, image: place.kind === 'file' ? place.entry : place.image, offset: place.offset };
}
