import { fileEvidence } from '../changed-files.ts';
import { detector } from '../detector.ts';

const security = /(?:^|\/)(?:auth|secure|audit|faillog|wtmp|btmp|lastlog|utmp|syslog|messages|sudo)(?:\.log)?$|\/audit\//;

export const clearedLog = detector({
  id: 'cleared-log',
  signal: 'S62',
  title: 'Log that was deleted or emptied',
  version: 1,
  techniques: ['T1685.006'],
  severity: 'high',
  category: 'attack',
  needs: ['changed_files'],
  falsePositives: 'log rotation, and package managers that clear their own logs',
  *detect({ files, snapshot }) {
    const rotated = new Set(files.filter(({ path, change }) => change === 'present' && /\.(?:\d+|gz|old)$/.test(path)).map(({ path }) => path.replace(/\.(?:\d+(?:\.gz)?|gz|old)$/, '')));
    const packageLogs = /^\/var\/log\/(?:apt|dpkg|alternatives|bootstrap|dnf|yum|apk|fontconfig|hawkey|unattended)/;
    for (const file of files) {
      if (!file.path.startsWith('/var/log/') || packageLogs.test(file.path) || rotated.has(file.path)) continue;
      const grave = security.test(file.path);
      if (file.change === 'deleted') yield { summary: `${file.path} was deleted`, confidence: grave ? 'high' : 'medium', evidence: [fileEvidence(file)], key: file.path };
      else if (file.type === 'file' && file.size === 0 && file.change === 'present' && file.origin === 'rootfs' && grave) {
        const larger = snapshot.processes.flatMap(({ pid, descriptors }) => descriptors.filter((each) => each.file.name === file.path && (each.file.position ?? 0n) > 0n).map(({ fd }) => ({ pid, fd })))[0];
        yield { summary: `${file.path} was emptied${larger === undefined ? '' : `; process ${larger.pid} had written to it`}`, confidence: larger === undefined ? 'low' : 'high', evidence: [fileEvidence(file), ...(larger === undefined ? [] : [{ what: 'open file', pid: larger.pid, fd: larger.fd, path: file.path }])], key: file.path };
      }
    }
  },
});
