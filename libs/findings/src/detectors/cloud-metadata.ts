import { isInet, plainAddress, socketEvidence, socketsOf } from '../connections.ts';
import { detector } from '../detector.ts';
import { isProgram, named } from '../programs.ts';

const metadata = new Set(['169.254.169.254', '169.254.170.2', '169.254.170.23', 'fd00:ec2::254']);
/** Texts that only a request has; the bare address is in every library of a cloud. */
const requests = new Set(['latest/meta-data/iam', 'X-aws-ec2-metadata-token', 'Metadata-Flavor: Google', '/metadata/identity/oauth2/token']);

export const cloudMetadata = detector({
  id: 'cloud-metadata',
  signal: 'S33',
  title: 'Use of the cloud’s metadata service',
  version: 1,
  techniques: ['T1552.005'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'software of the cloud’s own kits, which asks for credentials there by design',
  *detect(examination) {
    const { snapshot, hits = [] } = examination;
    for (const process of snapshot.processes) {
      const tool = isProgram(process, 'shell') || isProgram(process, 'downloader') || isProgram(process, 'relay');
      const held = socketsOf(process, examination).find(({ socket }) => isInet(socket) && socket.remote !== undefined && metadata.has(plainAddress(socket.remote.address)));
      const text = hits.find((hit) => hit.kind === 'keyword' && hit.list === 'cloud_metadata' && requests.has(hit.word) && !hit.ruleCorpus && hit.place.kind === 'memory' && hit.place.owners.some(({ pid }) => pid === process.pid));
      if (held === undefined && !(tool && text !== undefined)) continue;
      const address = text?.place.kind === 'memory' ? text.place.owners.find(({ pid }) => pid === process.pid)?.address : undefined;
      yield {
        pid: process.pid,
        summary: held === undefined ? `${named(process)} has a request to the cloud’s metadata service in its memory` : `${named(process)} is connected to the cloud’s metadata service`,
        confidence: tool ? (held === undefined ? 'medium' : 'high') : 'low',
        evidence: [
          held === undefined
            ? { what: 'text in memory', pid: process.pid, ...(address === undefined ? {} : { address }), value: text?.kind === 'keyword' ? text.context : '' }
            : socketEvidence(process, held),
        ],
        key: `metadata ${process.pid}`,
      };
    }
  },
});
