import { linesOf, addedFiles, fileEvidence } from '../changed-files.ts';
import { detector } from '../detector.ts';

export const historySecret = detector({
  id: 'history-secret',
  signal: 'S37',
  title: 'Secret in a shell’s history',
  version: 1,
  techniques: ['T1552.003'],
  severity: 'medium',
  category: 'exposure',
  needs: ['memory_scan'],
  falsePositives: 'none known',
  *detect(examination) {
    const { hits = [], redact } = examination;
    for (const hit of hits) {
      if (hit.kind !== 'history' || !hit.command.includes('‹secret:')) continue;
      const address = hit.place.kind === 'memory' ? hit.place.owners[0]?.address : undefined;
      yield {
        pid: hit.pid,
        summary: `somebody typed a secret into the shell with pid ${hit.pid}: ${hit.command.slice(0, 200)}`,
        confidence: 'high',
        evidence: [{ what: 'line of history', pid: hit.pid, ...(address === undefined ? {} : { address }), value: hit.command }],
        key: `${hit.pid} ${address ?? hit.command}`,
      };
    }
    for (const file of addedFiles(examination)) {
      if (!/\/\.(?:bash|zsh|ash|sh|psql|mysql|python|rediscli|node_repl)_history$/.test(file.path)) continue;
      const line = linesOf(file).map(redact).find((each) => each.includes('‹secret:'));
      if (line !== undefined) yield { summary: `${file.path} holds a secret: ${line.slice(0, 200)}`, confidence: 'high', evidence: [fileEvidence(file, line)], key: file.path };
    }
  },
});
