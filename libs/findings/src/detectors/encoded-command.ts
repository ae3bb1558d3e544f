import { valuesOf } from '@icecore/snapshot';
import { addedFiles, fileEvidence, isElf } from '../changed-files.ts';
import { detector } from '../detector.ts';
import { commandLineOf, named } from '../programs.ts';

const decodes = /\bbase64\s+(?:-d|-D|--decode)\b[\s\S]{0,80}\|\s*(?:ba|da|z|a)?sh\b|\becho\s+[A-Za-z0-9+/=]{40,}\s*\|\s*base64|\bxxd\s+-r\b[\s\S]{0,60}\|\s*(?:ba)?sh|\bopenssl\s+enc\b[^|\n]{0,200}\s-d\b[^|\n]{0,200}\|\s*(?:ba|da|z|a)?sh\b|\beval\s+["']?\$\((?:echo|printf|base64|curl|wget)/;

export const encodedCommand = detector({
  id: 'encoded-command',
  signal: 'S59',
  title: 'Command or program that hides what it is',
  version: 1,
  techniques: ['T1140', 'T1027', 'T1132'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'entrypoints that decode their configuration; programs that are packed to be small',
  *detect(examination) {
    for (const process of examination.snapshot.processes) {
      if (!decodes.test(valuesOf(process.arguments).join(' '))) continue;
      yield { pid: process.pid, summary: `${named(process)} decodes a command and runs it`, confidence: 'high', evidence: [{ what: 'command line', pid: process.pid, value: commandLineOf(process).slice(0, 1000), image: `mm-${process.pid}.img` }], key: `argv ${process.pid}` };
    }
    for (const hit of examination.hits ?? []) {
      if (hit.kind !== 'history' || !decodes.test(hit.command)) continue;
      yield { pid: hit.pid, summary: `somebody decoded a command and ran it in the shell with pid ${hit.pid}: ${hit.command.slice(0, 160)}`, confidence: 'high', evidence: [{ what: 'line of history', pid: hit.pid, value: hit.command }], key: `history ${hit.pid} ${hit.command}` };
    }
    for (const file of addedFiles(examination)) {
      if (file.type !== 'file' || !isElf(file) || !Buffer.from(file.head).includes('UPX!')) continue;
      yield { summary: `${file.path} is a packed program (UPX)`, confidence: 'medium', evidence: [fileEvidence(file)], key: `file ${file.path}` };
    }
  },
});
