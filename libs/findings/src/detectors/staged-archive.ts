import { addedFiles, fileEvidence } from '../changed-files.ts';
import { detector } from '../detector.ts';
import { commandLineOf, named, namesOf } from '../programs.ts';
import { isSuspiciouslyHidden, isWritableFolder } from '../places.ts';

const archive = /\.(?:tar|tgz|tar\.(?:gz|xz|bz2|zst)|zip|7z|rar|cpio)$/i;
const packers = new Set(['tar', 'zip', '7z', '7za', 'rar', 'cpio']);

export const stagedArchive = detector({
  id: 'staged-archive',
  signal: 'S68',
  title: 'Archive that waits to be carried off',
  version: 1,
  techniques: ['T1074.001', 'T1560.001'],
  severity: 'medium',
  category: 'attack',
  needs: [],
  falsePositives: 'backups, and downloads that are unpacked and left behind',
  *detect(examination) {
    for (const file of addedFiles(examination)) {
      if (file.type !== 'file' || !isWritableFolder(file.path)) continue;
      const magic = (file.head[0] === 0x1f && file.head[1] === 0x8b) || (file.head[0] === 0x50 && file.head[1] === 0x4b && file.head[2] === 3) || (file.head[0] === 0x37 && file.head[1] === 0x7a);
      const named7 = archive.test(file.path);
      if (!named7 && !(magic && isSuspiciouslyHidden(file.path))) continue;
      yield { summary: `${file.path} (${file.size} bytes) is an archive in a folder for temporary files`, confidence: isSuspiciouslyHidden(file.path) ? 'high' : 'medium', evidence: [fileEvidence(file, file.sha256 === undefined ? undefined : `sha256 ${file.sha256}`)], key: file.path };
    }
    for (const process of examination.snapshot.processes) {
      const line = commandLineOf(process);
      if (!namesOf(process).some((name) => packers.has(name)) || !/\/(?:etc|root|home|var\/(?:lib|www)|srv|data)\b/.test(line) || !/\/tmp\/|\/dev\/shm\/|-\s*$|\s-\s/.test(line)) continue;
      yield { pid: process.pid, summary: `${named(process)} is packing files`, confidence: 'medium', evidence: [{ what: 'command line', pid: process.pid, value: line, image: `mm-${process.pid}.img` }], key: `process ${process.pid}` };
    }
  },
});
