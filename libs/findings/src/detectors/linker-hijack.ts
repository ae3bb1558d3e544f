import { addedFiles, fileEvidence, linesOf } from '../changed-files.ts';
import { detector } from '../detector.ts';
import type { EvidenceItem } from '../finding.ts';
import { environmentOf, named } from '../programs.ts';
import { isSuspiciouslyHidden, isWritableFolder } from '../places.ts';

/** Libraries that operators preload on purpose. */
const agents = /(?:^|\/)lib(?:jemalloc|tcmalloc|mimalloc|hoard|faketime|eatmydata|nss_wrapper|fakeroot|keepalive|asan|tsan|ubsan|SegFault|stdbuf|snoopy|oneagent|newrelic|ddtrace|appd|instana|dynatrace|otel\w*|sysctl|dl-hook|gtk3-nocsd|rdmacm|vglfaker|nvidia|bitnami)[\w.-]*\.so|\$LIB|liboneagentproc/i;

export const linkerHijack = detector({
  id: 'linker-hijack',
  signal: 'S40',
  title: 'Library that is forced into programs',
  version: 1,
  techniques: ['T1574.006'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'memory allocators (jemalloc, tcmalloc), libfaketime, monitoring agents, nss_wrapper of Bitnami’s images',
  *detect(examination) {
    const preloaded = new Map<string, { pids: number[]; evidence: EvidenceItem[] }>();
    for (const process of examination.snapshot.processes) {
      const variables = environmentOf(process);
      for (const name of ['LD_PRELOAD', 'LD_AUDIT', 'LD_LIBRARY_PATH']) {
        const value = variables.get(name);
        if (value === undefined || value === '') continue;
        if (name === 'LD_LIBRARY_PATH' && !value.split(':').some((path) => isWritableFolder(`${path}/`))) continue;
        const known = preloaded.get(`${name}=${value}`) ?? { pids: [], evidence: [] };
        known.pids.push(process.pid);
        known.evidence.push({ what: 'environment variable', pid: process.pid, ...(process.addresses === undefined ? {} : { address: process.addresses.environment[0] }), value: `${name}=${value}`, image: `mm-${process.pid}.img` });
        preloaded.set(`${name}=${value}`, known);
      }
    }
    for (const [setting, { pids, evidence }] of preloaded) {
      const [first, ...rest] = evidence;
      const [pid] = pids;
      const process = examination.snapshot.processes.find((each) => each.pid === pid);
      if (first === undefined || process === undefined) continue;
      const value = setting.slice(setting.indexOf('=') + 1);
      const odd = value.split(/[:\s]/).some((path) => isWritableFolder(path) || isSuspiciouslyHidden(path));
      const agent = value.split(/[:\s]+/).every((path) => path === '' || agents.test(path)) && !odd;
      yield {
        pid: process.pid,
        summary: `${named(process)}${pids.length > 1 ? ` and ${pids.length - 1} more` : ''} ${pids.length > 1 ? 'have' : 'has'} ${setting}, which puts a library into every program they start`,
        confidence: agent ? 'low' : odd ? 'high' : 'medium',
        ...(agent ? { severity: 'informational' as const } : {}),
        evidence: [first, ...rest.slice(0, 9)],
        facts: { setting, pids: pids.join(',') },
        key: setting,
      };
    }
    for (const file of addedFiles(examination)) {
      const preload = file.path === '/etc/ld.so.preload';
      if (!preload && !/^\/etc\/ld\.so\.conf\.d\/[^/]+\.conf$/.test(file.path)) continue;
      const lines = linesOf(file);
      if (lines.length === 0) continue;
      const agent = lines.every((line) => agents.test(line) && !isWritableFolder(line));
      const odd = lines.some((line) => isWritableFolder(`${line}/`));
      if (!preload && !odd) continue;
      yield { summary: `${file.path} puts ${lines.join(', ').slice(0, 200)} into every program`, confidence: agent ? 'low' : 'high', evidence: [fileEvidence(file, lines.join('\n'))], key: file.path };
    }
  },
});
