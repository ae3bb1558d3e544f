import { type Process, vmaStatus } from '@icecore/snapshot';
import { detector } from '../detector.ts';
import { has, isExecutable, mappingEvidence } from '../mappings.ts';
import { baseName, named } from '../programs.ts';
import { isWritableFolder } from '../places.ts';

/** Libraries that Java and others unpack to a temporary folder before they load them. */
const unpacked = /(?:^|\/)(?:lib)?(?:netty|snappy|jansi|zstd|lz4|jna|conscrypt|rocksdb|sqlite|brotli|epoll|kqueue|native|onnxruntime|tcnative|leveldb)[\w.-]*\.so/i;

/** A library that a Java program unpacked for itself, as its name tells. */
export function isUnpackedLibrary({ mappings }: Process, path: string): boolean {
  return unpacked.test(baseName(path)) && mappings.some(({ name }) => /libjvm\.so$/.test(name));
}

export const libraryFromWritableFolder = detector({
  id: 'library-from-writable-folder',
  signal: 'S8',
  title: 'Code from a folder for temporary files',
  version: 1,
  techniques: ['T1129', 'T1055.001'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'native libraries that Java programs unpack to /tmp (netty, snappy, jansi)',
  *detect({ snapshot }) {
    for (const process of snapshot.processes) {
      const told = new Set<number>();
      for (const mapping of process.mappings) {
        const { file } = mapping;
        if (file === undefined || file.type === 'MEMFD' || !isExecutable(mapping) || !(has(mapping, vmaStatus.filePrivate) || has(mapping, vmaStatus.fileShared))) continue;
        if (file.id === process.executable?.id || !isWritableFolder(file.name) || told.has(file.id)) continue;
        told.add(file.id);
        const jvm = isUnpackedLibrary(process, file.name);
        yield {
          pid: process.pid,
          summary: `${named(process)} has code of ${file.name}${file.deleted ? ', which was deleted,' : ''} mapped`,
          confidence: jvm ? 'low' : file.deleted ? 'high' : 'medium',
          evidence: [mappingEvidence(process, mapping)],
          facts: { file: file.name, deleted: String(file.deleted) },
          key: `${process.pid} ${file.name}`,
        };
      }
    }
  },
});
