import { descriptorEvidence } from '../connections.ts';
import { detector } from '../detector.ts';
import { named } from '../programs.ts';

export const sensitiveWatch = detector({
  id: 'sensitive-watch',
  signal: 'S67',
  title: 'Process that listens to keys or watches for passwords',
  version: 1,
  techniques: ['T1056.001', 'T1556'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'desktop programs, which read keys; virus scanners, which watch files',
  *detect({ snapshot }) {
    for (const process of snapshot.processes) {
      const keys = process.descriptors.find(({ file }) => /^\/dev\/(?:input\/(?:event|mouse|mice)|uinput|hidraw\d)/.test(file.name));
      if (keys !== undefined) yield { pid: process.pid, summary: `${named(process)} has ${keys.file.name} open and sees what is typed on the node`, confidence: 'high', evidence: [descriptorEvidence(process, keys)], key: `keys ${process.pid}` };
      for (const watch of process.watches) {
        if (!/^\/(?:etc\/(?:shadow|passwd|sudoers|ssh)|root\/\.ssh|home(?:\/[^/]+(?:\/\.ssh.*)?)?$)/.test(watch.path)) continue;
        yield { pid: process.pid, summary: `${named(process)} watches ${watch.path}`, confidence: 'medium', evidence: [{ what: 'watch', pid: process.pid, fd: watch.fd, path: watch.path, image: 'files.img' }], key: `watch ${process.pid} ${watch.path}` };
      }
    }
  },
});
