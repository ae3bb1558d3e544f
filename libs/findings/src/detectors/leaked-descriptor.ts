import type { FileDescription } from '@icecore/snapshot';
import { descriptorEvidence } from '../connections.ts';
import { detector } from '../detector.ts';
import { named } from '../programs.ts';

const throughProc = /^\/proc\/(?:self|\d+)\/(?:fd|root|cwd)\//;

/** S_IFDIR of inode(7). */
function isFolder({ mode }: FileDescription): boolean {
  return mode !== undefined && (mode & 0o170000) === 0o040000;
}

export const leakedDescriptor = detector({
  id: 'leaked-descriptor',
  signal: 'S55',
  title: 'Way out of the container through an open folder',
  version: 1,
  techniques: ['T1611'],
  severity: 'critical',
  category: 'attack',
  needs: [],
  falsePositives: 'none known',
  *detect({ snapshot }) {
    const mounts = new Set(snapshot.mounts.map(({ mountId }) => mountId));
    const outside = ({ mountId }: FileDescription): boolean => mountId !== undefined && mountId > 0 && mounts.size > 0 && !mounts.has(mountId);
    for (const process of snapshot.processes) {
      for (const [what, file] of [['working directory', process.cwd], ['root directory', process.root]] as const) {
        if (file === undefined || !(throughProc.test(file.name) || outside(file))) continue;
        yield { pid: process.pid, summary: `the ${what} of ${named(process)} is ${file.name}, outside the container`, confidence: 'high', evidence: [{ what, pid: process.pid, path: file.name, image: `fs-${process.pid}.img` }], key: `${process.pid} ${what}` };
      }
      const folder = process.descriptors.find(({ file }) => isFolder(file) && outside(file));
      if (folder !== undefined) yield { pid: process.pid, summary: `${named(process)} has the folder ${folder.file.name} open, outside the container`, confidence: 'high', evidence: [descriptorEvidence(process, folder)], key: `${process.pid} folder` };
      const namespace = process.descriptors.find(({ file }) => file.type === 'NS');
      if (namespace !== undefined) yield { pid: process.pid, summary: `${named(process)} holds a namespace open (${namespace.file.name}), by which it can enter it`, confidence: 'medium', severity: 'medium', evidence: [descriptorEvidence(process, namespace)], key: `${process.pid} ns` };
    }
  },
});
