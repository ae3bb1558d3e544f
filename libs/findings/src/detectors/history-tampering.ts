import { addedFiles, fileEvidence } from '../changed-files.ts';
import { detector } from '../detector.ts';
import { environmentOf, isProgram, named } from '../programs.ts';

const command = /\bunset\s+HISTFILE\b|\bHISTFILE=\/dev\/null|\bHISTFILE=(?:$|\s|;)|\bHISTSIZE=0\b|\bHISTFILESIZE=0\b|\bhistory\s+-[cdw]\b|\bset\s+\+o\s+history|>\s*~?\/?\S*\.(?:ba|z|a)?sh_history|ln\s+-s\w*\s+\/dev\/null\s+\S*history|shred\s+\S*history|rm\s+(?:-\w+\s+)?\S*_history/;

export const historyTampering = detector({
  id: 'history-tampering',
  signal: 'S60',
  title: 'Shell that keeps no history',
  version: 1,
  techniques: ['T1690', 'T1070.003'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'hardened images that switch the history off for everybody',
  *detect(examination) {
    const { snapshot, files, hits = [] } = examination;
    const told = new Set<string>();
    for (const process of snapshot.processes) {
      const variables = environmentOf(process);
      const setting = [
        ['HISTFILE', (value: string) => value === '/dev/null' || value === ''] as const,
        ['HISTSIZE', (value: string) => value === '0'] as const,
        ['HISTFILESIZE', (value: string) => value === '0'] as const,
      ].find(([name, off]) => variables.has(name) && off(variables.get(name) ?? ''));
      if (setting === undefined) continue;
      const text = `${setting[0]}=${variables.get(setting[0]) ?? ''}`;
      const shell = isProgram(process, 'shell');
      if (told.has(text) && !shell) continue;
      told.add(text);
      const wide = snapshot.processes.find(({ pid }) => pid === 1);
      const image = wide !== undefined && environmentOf(wide).get(setting[0]) === variables.get(setting[0]);
      yield { pid: process.pid, summary: `${named(process)} has ${text}: ${shell ? 'it' : 'a shell that it starts'} keeps no history`, confidence: image ? 'low' : shell ? 'high' : 'medium', evidence: [{ what: 'environment variable', pid: process.pid, ...(process.addresses === undefined ? {} : { address: process.addresses.environment[0] }), value: text, image: `mm-${process.pid}.img` }], key: `variable ${process.pid} ${setting[0]}` };
    }
    for (const hit of hits) {
      if (hit.kind === 'history' && command.test(hit.command)) yield { pid: hit.pid, summary: `somebody switched off the history of the shell with pid ${hit.pid}: ${hit.command.slice(0, 120)}`, confidence: 'high', evidence: [{ what: 'line of history', pid: hit.pid, value: hit.command }], key: `history ${hit.pid} ${hit.command}` };
    }
    for (const file of files) {
      if (!/\/\.(?:bash|zsh|ash|sh|mysql|psql)_history$/.test(file.path)) continue;
      const nothing = file.type === 'symlink' && file.linkTarget === '/dev/null';
      if (nothing || file.change === 'deleted') yield { summary: nothing ? `${file.path} leads to /dev/null` : `${file.path} was deleted`, confidence: 'high', evidence: [fileEvidence(file, file.linkTarget)], key: `file ${file.path}` };
    }
    for (const file of addedFiles(examination)) {
      if (/^\/etc\/(?:profile\.d\/|bash\.bashrc)/.test(file.path) && command.test(Buffer.from(file.head).toString('latin1'))) yield { summary: `${file.path} switches off the history of every shell`, confidence: 'high', evidence: [fileEvidence(file)], key: `file ${file.path}` };
    }
  },
});
