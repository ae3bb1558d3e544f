import { addedFiles, fileEvidence } from '../changed-files.ts';
import { detector } from '../detector.ts';
import { mappingEvidence } from '../mappings.ts';
import { named } from '../programs.ts';

/** Names that no other library has, with whatever stands behind them, and names that only count whole: `libphp.so` is no `libph.so`. */
const rootkits = /\/lib(?:(?:processhider|jynx|azazel|beurk|bedevil|bdvl|umbreon|vlany|symbiote)\w*|ph|medusa|father|orbit)\.so(?:\.|$)/i;

export const kernelModule = detector({
  id: 'kernel-module',
  signal: 'S71',
  title: 'Kernel module or rootkit',
  version: 1,
  techniques: ['T1014', 'T1547.006'],
  severity: 'critical',
  category: 'attack',
  needs: [],
  falsePositives: 'driver pods, which bring modules for their node',
  *detect(examination) {
    for (const file of addedFiles(examination)) {
      if (file.type === 'file' && /\.ko(?:\.(?:xz|gz|zst))?$/.test(file.path)) yield { summary: `${file.path}, a kernel module, was put into the container`, confidence: 'medium', evidence: [fileEvidence(file)], key: file.path };
      else if (rootkits.test(file.path)) yield { summary: `${file.path} has the name of a rootkit`, confidence: 'high', evidence: [fileEvidence(file)], key: file.path };
    }
    for (const process of examination.snapshot.processes) {
      const mapping = process.mappings.find(({ name }) => rootkits.test(name));
      if (mapping !== undefined) yield { pid: process.pid, summary: `${named(process)} has ${mapping.name} mapped, which has the name of a rootkit`, confidence: 'high', evidence: [mappingEvidence(process, mapping)], key: `${process.pid} ${mapping.name}` };
    }
    for (const hit of examination.hits ?? []) {
      if (hit.kind === 'history' && /^\s*(?:sudo\s+)?(?:insmod|modprobe)\s/.test(hit.command)) yield { pid: hit.pid, summary: `somebody loaded a kernel module in the shell with pid ${hit.pid}: ${hit.command.slice(0, 120)}`, confidence: 'medium', evidence: [{ what: 'line of history', pid: hit.pid, value: hit.command }], key: `history ${hit.pid} ${hit.command}` };
    }
  },
});
