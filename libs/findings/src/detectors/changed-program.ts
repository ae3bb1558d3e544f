import { addedFiles, fileEvidence, isElf, isScript, packagesChanged } from '../changed-files.ts';
import { detector } from '../detector.ts';
import { isProgramFolder, isSuspiciouslyHidden, isWritableFolder } from '../places.ts';

/** What languages and databases write beside programs. */
const usual = /\.(?:pyc|pyo|cache|la|pc|h|a|txt|md|json|conf|py|js|rb|pem|crt|mo)$|\/__pycache__\/|\/(?:site|dist)-packages\/|\/node_modules\/|\/lib\/(?:locale|ssl|jvm|sysimage|systemd\/catalog)\//;

export const changedProgram = detector({
  id: 'changed-program',
  signal: 'S50',
  title: 'Program in a system folder that was written later',
  version: 2,
  techniques: ['T1554'],
  severity: 'high',
  category: 'attack',
  needs: ['changed_files'],
  falsePositives: 'package managers and entrypoints that install programs when the container starts',
  *detect(examination) {
    const packages = packagesChanged(examination);
    for (const file of addedFiles(examination)) {
      if (file.origin === 'rootfs' && file.type === 'symlink' && isProgramFolder(file.path) && file.linkTarget !== undefined && (isWritableFolder(file.linkTarget) || isSuspiciouslyHidden(file.linkTarget))) {
        yield { summary: `${file.path} was made a link to ${file.linkTarget} after the container started`, confidence: 'high', evidence: [fileEvidence(file, file.linkTarget)], key: file.path };
        continue;
      }
      if (file.origin !== 'rootfs' || file.type !== 'file' || !isProgramFolder(file.path) || usual.test(file.path) || isSuspiciouslyHidden(file.path)) continue;
      if (!isElf(file) && !isScript(file)) continue;
      // Those that act with others' rights are told as such.
      if (file.mode !== undefined && (file.mode & 0o6000) !== 0) continue;
      yield {
        summary: `${file.path}, ${isElf(file) ? 'a program' : 'a script'}, was written after the container started`,
        confidence: packages ? 'low' : /^\/usr\/local\//.test(file.path) ? 'low' : 'medium',
        evidence: [fileEvidence(file, file.sha256 === undefined ? undefined : `sha256 ${file.sha256}`)],
        facts: file.sha256 === undefined ? {} : { sha256: file.sha256 },
        key: file.path,
      };
    }
  },
});
