import { commandLineOf, named, namesOf } from '../programs.ts';
import { detector } from '../detector.ts';
import { placeName, secretEvidence } from './private-key.ts';

const uploads = /\bcurl\b.*\s(?:-F|--form|-T|--upload-file|--data-binary\s+@|-d\s+@)|\bwget\b.*--post-file|\brclone\s+(?:copy|sync|move)\b|\baws\s+s3\s+(?:cp|sync|mv)\s+(?!s3:)|\bgsutil\s+(?:cp|rsync)\b|\bmc\s+(?:cp|mirror)\b|\bscp\b.*:|\brsync\b.*(?:::|@[\w.-]+:)|transfer\.sh|file\.io|webhook\.site|pastebin\.com|api\.telegram\.org\/bot|discord(?:app)?\.com\/api\/webhooks|\bnc\b.*<\s*\S+/;

export const exfiltration = detector({
  id: 'exfiltration',
  signal: 'S69',
  title: 'Data on its way out',
  version: 1,
  techniques: ['T1048', 'T1567', 'T1041'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'backup jobs and programs that upload by design',
  *detect({ snapshot, hits = [] }) {
    for (const process of snapshot.processes) {
      const line = commandLineOf(process);
      if (!uploads.test(line)) continue;
      yield { pid: process.pid, summary: `${named(process)} sends files away`, confidence: namesOf(process).some((name) => ['rclone', 'mc', 'gsutil', 'aws', 'rsync'].includes(name)) ? 'low' : 'medium', evidence: [{ what: 'command line', pid: process.pid, value: line, image: `mm-${process.pid}.img` }], key: `process ${process.pid}` };
    }
    for (const hit of hits) {
      if (hit.kind !== 'secret' || hit.place.kind !== 'queue' || !hit.place.subject.startsWith('send queue') || !/^(?:private_key|kubernetes_service_account_token|aws_)/.test(hit.secret.rule) || hit.secret.validity === 'example') continue;
      const [pid] = hit.place.pids;
      yield { ...(pid === undefined ? {} : { pid }), summary: `a ${hit.secret.type} stands ${placeName(hit)}, written and not yet sent`, confidence: 'medium', evidence: [secretEvidence(hit)], key: `queue ${hit.secret.hmac}` };
    }
    for (const hit of hits) {
      if (hit.kind === 'history' && uploads.test(hit.command)) yield { pid: hit.pid, summary: `somebody sent files away from the shell with pid ${hit.pid}: ${hit.command.slice(0, 140)}`, confidence: 'medium', evidence: [{ what: 'line of history', pid: hit.pid, value: hit.command }], key: `history ${hit.pid} ${hit.command}` };
    }
  },
});
