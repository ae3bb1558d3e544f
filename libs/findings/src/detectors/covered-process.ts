import { detector } from '../detector.ts';

export const coveredProcess = detector({
  id: 'covered-process',
  signal: 'S65',
  title: 'Process that is hidden under a mount',
  version: 1,
  techniques: ['T1564.013'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'none known',
  *detect({ snapshot }) {
    for (const { mountpoint, source, filesystem, mountId } of snapshot.mounts) {
      const pid = /^\/proc\/(\d+)(?:\/|$)/.exec(mountpoint)?.[1];
      if (pid === undefined) continue;
      const process = snapshot.processes.find((each) => String(each.pid) === pid);
      yield { ...(process === undefined ? {} : { pid: process.pid }), summary: `${mountpoint} is covered by a mount (${filesystem}), so that process ${pid}${process === undefined ? '' : `, ${process.comm},`} does not show`, confidence: 'high', evidence: [{ what: 'mount', path: mountpoint, value: `${source} ${filesystem} ${mountId}`, image: 'mountpoints-*.img' }], key: mountpoint };
    }
  },
});
