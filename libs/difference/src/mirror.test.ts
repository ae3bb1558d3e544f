import fc from 'fast-check';
import type { ContainerSnapshot } from '@icecore/snapshot';
import { compareSnapshots, isEmpty } from './index.ts';
import { mirrorOf } from './mirror.test-support.ts';
import {
  addressesAt,
  changedFileOf,
  credentialsOf,
  descriptorOf,
  fileOf,
  hiddenFileOf,
  memoryOf,
  mountOf,
  networkOf,
  processOf,
  snapshotOf,
  socketOf,
  threadOf,
} from '@icecore/snapshot/test-support';

const few = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 4 });
const name = fc.constantFrom('a', 'b', 'c', 'é', '');
const memory = few(fc.string({ unit: fc.constantFrom('1', '2', '.', '-', 'x', 'f'), minLength: 1, maxLength: 8 })).map((areas) =>
  memoryOf(areas.map((pages, i) => ({ page: 16 * (i + 1), pages, name: `[${i % 2}]` }))),
);
const text = fc.oneof(
  few(fc.tuple(name, name)).map((pairs) => ({ state: 'captured' as const, values: pairs.map(([key, value]) => `${key}=${value}`) })),
  fc.constant({ state: 'none' as const }),
  fc.constant({ state: 'partial' as const, values: [], reason: 'cut' }),
);
const process = fc
  .record({ pid: fc.integer({ min: 1, max: 4 }), executable: name, stack: fc.constantFrom(1n, 2n), uid: fc.nat(1), tids: few(fc.integer({ min: 5, max: 7 })), text, memory, fds: few(fc.tuple(fc.nat(3), name)) })
  .map(({ pid, executable, stack, uid, tids, text: words, memory: own, fds }) =>
    processOf(pid, {
      executable: fileOf(executable),
      addresses: addressesAt(stack),
      credentials: credentialsOf({ uid }),
      threads: [pid, ...new Set(tids)].map((tid) => threadOf(tid, { comm: `${uid}` })),
      arguments: words,
      environment: words,
      descriptors: fds.map(([fd, file]) => descriptorOf(fd, file)),
      ...own,
    }),
  );
const socket = fc
  .record({ family: fc.constantFrom('INET', 'UNIX'), inode: fc.constantFrom(1, 2, undefined), port: fc.option(fc.nat(1), { nil: undefined }), path: fc.constantFrom(undefined, '', 'a'), state: name })
  .map(({ port, ...rest }) => socketOf({ ...rest, local: port === undefined ? undefined : { address: '::', port }, remote: undefined }));
const file = fc.tuple(name, name, fc.nat(1)).map(([path, content, uid]) => changedFileOf(`/${path}`, content, { uid }));
const hidden = fc.tuple(name, name, fc.constantFrom('x.img', 'y.img')).map(([path, content, image]) => hiddenFileOf(path, content, { place: { image } }));
const mount = fc.tuple(name, name, fc.nat(1)).map(([point, filesystem, mountId]) => mountOf(`/${point}`, { filesystem, mountId, source: `${mountId}` }));
const network = fc.record({ dumped: fc.boolean(), lines: few(name) }).map(({ dumped, lines }) => networkOf({ dumped, iptables: lines.join('\n') }));

const snapshot: fc.Arbitrary<ContainerSnapshot> = fc
  .record({ processes: fc.uniqueArray(process, { selector: ({ pid }) => pid, maxLength: 3 }), sockets: few(socket), mounts: few(mount), network, files: few(file), hiddenFiles: few(hidden) })
  .map(({ files, hiddenFiles, ...parts }) => snapshotOf(parts, files, hiddenFiles));

describe('any two checkpoints', () => {
  it('differ one way as they differ the other way, seen in a mirror', async () => {
    await fc.assert(
      fc.asyncProperty(snapshot, snapshot, async (before, after) => {
        const there = await compareSnapshots(before, after);
        const back = await compareSnapshots(after, before);
        expect(mirrorOf(back)).toEqual(there);
      }),
      { numRuns: 300 },
    );
  });

  it('differ in a way that JSON holds whole, and the same each time', async () => {
    await fc.assert(
      fc.asyncProperty(snapshot, snapshot, async (before, after) => {
        const difference = await compareSnapshots(before, after);
        expect(JSON.parse(JSON.stringify(difference))).toEqual(difference);
        expect(JSON.stringify(await compareSnapshots(before, after))).toBe(JSON.stringify(difference));
      }),
      { numRuns: 100 },
    );
  });

  it('do not differ where they are the same', async () => {
    await fc.assert(fc.asyncProperty(snapshot, async (same) => expect(isEmpty(await compareSnapshots(same, same))).toBe(true)), { numRuns: 100 });
  });
});
