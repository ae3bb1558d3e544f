import type { CaseFileSet, CaseFinding } from './index.ts';

const finding: CaseFinding = {
  capture_id: 'c1',
  finding_id: 'f1',
  incident_id: 'i1',
  detector: 'reverse-shell',
  detector_version: 1,
  signal: 'S17',
  title: 'Shell on a network connection',
  summary: 'sh (23) has its standard input on 203.0.113.9:4444',
  severity: 'critical',
  severity_id: 5,
  confidence: 'high',
  category: 'attack',
  techniques: ['T1059.004', 'T1095'],
  tactics: ['execution', 'command-and-control'],
  attack_version: '19.0',
  pid: 23,
  facts: { peer: '203.0.113.9:4444' },
  evidence: [
    { what: 'socket', pid: 23, fd: 0, address_hex: undefined, length: undefined, path: undefined, criu_image: 'files.img', image_offset: 12, value: '10.0.0.2:5 → 203.0.113.9:4444' },
    { what: 'memory', pid: 23, fd: undefined, address_hex: '00007f8898600000', length: 4096, path: '/tmp/`a` | *b*', criu_image: 'pages-1.img', image_offset: 0, value: undefined },
  ],
  false_positives: 'sessions of sshd',
};

/** A case with hostile names: formulas, Markdown, quotes. */
export const hostileCase: CaseFileSet = {
  captures: [
    { capture_id: 'c1', captured_at: new Date('2026-11-23T23:59:59.999Z'), created_at: undefined, cluster: 'prod', node: undefined, namespace: 'shop', pod: 'web', container: '=cmd|x', container_id: 'abc', image: 'shop/web:1', image_ref: undefined, archive_sha256: '0'.repeat(64), archive_name: "it's.tar", engine: 'cri-o' },
    { capture_id: 'c2', captured_at: undefined, created_at: undefined, cluster: undefined, node: undefined, namespace: undefined, pod: undefined, container: undefined, container_id: undefined, image: undefined, image_ref: undefined, archive_sha256: undefined, archive_name: undefined, engine: 'unknown' },
  ],
  findings: [
    finding,
    { ...finding, capture_id: 'c2', finding_id: 'f2', incident_id: undefined, detector: 'exposed', signal: 'S51', severity: 'low', severity_id: 2, category: 'exposure', confidence: 'low', techniques: ['T1611', 'T9999'], pid: undefined, facts: {}, summary: '=1+1 "quoted"\nline', evidence: [{ ...finding.evidence[0]!, what: 'mount', pid: undefined, fd: undefined, value: undefined }] },
  ],
  incidents: [{ capture_id: 'c1', incident_id: 'i1', title: '<script>alert(1)</script> [x](y)', severity: 'critical', severity_id: 5, techniques: ['T1059.004'], tactics: ['execution'], finding_ids: ['f1'], story: ['# not a heading', '- not a list'] }],
  processes: [{ capture_id: 'c1', pid: 23, ppid: 1, comm: 'sh', command_line: 'sh -i', executable: '/bin/sh', executable_deleted: false, uid: 0 }],
  indicators: [
    { capture_id: 'c1', type: 'ipv4', value: '203.0.113.9', occurrence_count: 3, found_in: 'memory', subject: 'heap', pid: 23 },
    { capture_id: 'c1', type: 'ipv6', value: '2001:db8::1', occurrence_count: 1, found_in: 'memory', subject: 'heap', pid: 23 },
    { capture_id: 'c1', type: 'url', value: "https://x.example/it's", occurrence_count: 1, found_in: 'memory', subject: 'heap', pid: 23 },
    { capture_id: 'c2', type: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e', occurrence_count: 1, found_in: 'rootfs', subject: '/x', pid: undefined },
    { capture_id: 'c2', type: 'wallet', value: 'x', occurrence_count: 1, found_in: 'memory', subject: 'heap', pid: 1 },
  ],
  files: [{ capture_id: 'c1', path: '/tmp/`a` | *b*', origin: 'deleted', sha256: 'ab'.repeat(32), size: 7 }],
  events: [{ capture_id: 'c1', happened_at: new Date('2026-11-23T10:00:00.123Z'), kind: 'shell:history', message: 'curl x', pid: 23 }],
  gaps: [{ capture_id: 'c1', subject: 'processes started by exec', reason: 'no dump has them' }],
};
