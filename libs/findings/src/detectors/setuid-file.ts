import { addedFiles, fileEvidence, packagesChanged } from '../changed-files.ts';
import { detector } from '../detector.ts';
import { isProgramFolder, isSuspiciouslyHidden } from '../places.ts';

/** Programs that come with the bit in every distribution. */
const usual = /\/(?:su|sudo|mount|umount|passwd|chsh|chfn|newgrp|gpasswd|chage|expiry|wall|write|ping6?|pkexec|fusermount3?|ssh-agent|ssh-keysign|unix_chkpwd|crontab|dbus-daemon-launch-helper|polkit-agent-helper-1|bwrap|at|staprun|Xorg\.wrap|chrome-sandbox|mount\.nfs|pppd|ntfs-3g|locate|mlocate|bsd-write|dotlockfile|utempter|screen|doas)$/;

export const setuidFile = detector({
  id: 'setuid-file',
  signal: 'S48',
  title: 'Program that acts with another’s rights',
  version: 1,
  techniques: ['T1548.001'],
  severity: 'high',
  category: 'attack',
  needs: ['changed_files'],
  falsePositives: 'packages that bring such programs along when they are installed',
  *detect(examination) {
    const packages = packagesChanged(examination);
    for (const file of addedFiles(examination)) {
      if (file.type !== 'file') continue;
      const setuid = file.mode !== undefined && (file.mode & 0o4000) !== 0;
      const setgid = file.mode !== undefined && (file.mode & 0o2000) !== 0 && (file.mode & 0o010) !== 0;
      const capability = file.attributes.get('security.capability');
      if (!setuid && !setgid && capability === undefined) continue;
      // A package brings such programs into folders that are its own; nobody's package writes to /usr/local.
      const packaged = packages && isProgramFolder(file.path) && !file.path.startsWith('/usr/local/') && !isSuspiciouslyHidden(file.path);
      const known = usual.test(file.path) && isProgramFolder(file.path) && packages;
      yield {
        summary: `${file.path} was written after the container started and ${setuid ? `acts as uid ${file.uid ?? 0}` : setgid ? `acts as gid ${file.gid ?? 0}` : 'has capabilities of its own'} for whoever runs it`,
        confidence: known ? 'low' : packaged ? 'medium' : setuid || capability !== undefined ? 'high' : 'medium',
        evidence: [fileEvidence(file, `mode ${(file.mode ?? 0).toString(8)}${capability === undefined ? '' : `, security.capability ${capability}`}`)],
        facts: { mode: (file.mode ?? 0).toString(8), ...(file.sha256 === undefined ? {} : { sha256: file.sha256 }) },
        key: file.path,
      };
    }
  },
});
