import { type Descriptor, inTreeOrder, type Mapping, type Process, valuesOf } from '@icecore/snapshot';
import { comparison } from './comparison.ts';
import { type Capture, corpusArchives, corpusNote, openCapture } from './corpus.ts';
import { explanationsFor } from './explanations.ts';
import { shown } from './against-truth.test-support.ts';

/** Archives of one program, taken by different engines, runtimes and ways of packing. */
const scenarios: readonly (readonly [string, RegExp])[] = [
  ['a shell that loops', /01-loop|cri-loop|crio-loop|lab-counter|podman-loop|userns|ignore-rootfs|oci-?image/],
  ['nginx', /nginx|lab-sidecar/],
  ['redis', /redis/],
  ['a tree of processes', /tree/],
];

/** What must not depend on who took the checkpoint; numbers that the kernel hands out are left away. */
type Portrait = ReturnType<typeof portraitOf>;

describe(`one scenario in several archives (${corpusNote})`, () => {
  const explanations = explanationsFor('engines');
  for (const [title, names] of scenarios) {
    const archives = corpusArchives.filter(({ name }) => names.test(name));
    const [first, ...others] = archives;
    if (first === undefined || others.length === 0) continue;
    let model: readonly Portrait[] = [];
    it(`has processes to compare with: ${title}, ${first.name}`, async () => {
      model = portraits(await openCapture(first));
      expect(model.length).toBeGreaterThan(1);
    });
    for (const other of others) {
      it(`gives the same answers: ${title}, ${other.name}`, async () => {
        const facts = comparison();
        const found = portraits(await openCapture(other));
        facts.check('container', 'processes', model.map(({ comm }) => comm), found.map(({ comm }) => comm));
        model.forEach((expected, i) => {
          const own = found[i];
          if (own === undefined) return;
          for (const [field, value] of Object.entries(expected)) facts.check(`process ${i + 1}`, field, value, new Map(Object.entries(own)).get(field));
        });
        expect(shown(explanations.unexplained(other.name, facts.differences))).toEqual([]);
        expect(facts.compared).toBeGreaterThan(5);
      });
    }
  }
  it('have no explanation that explains nothing', () => {
    expect(explanations.unused()).toEqual([]);
  });
});

function portraits({ snapshot }: Capture): Portrait[] {
  return inTreeOrder(snapshot.processes).map(({ process, depth }) => portraitOf(process, depth));
}

function portraitOf(process: Process, depth: number) {
  const { comm, state, executable, cwd, root, credentials, descriptors, mappings, memory } = process;
  return {
    depth,
    comm,
    state,
    arguments: valuesOf(process.arguments),
    executable: executable?.name,
    deleted: executable?.deleted,
    cwd: cwd?.name,
    root: root?.name,
    user: [credentials?.uid, credentials?.gid],
    threads: process.threads.map((thread) => thread.comm),
    signalActions: process.signalActions.map(({ signal, handler }) => `${signal} ${handler === 'ignore' ? handler : 'handled'}`),
    descriptors: descriptors.map(nameOfDescriptor),
    mappings: mappings.map(nameOfMapping).sort(),
    memoryGaps: memory?.gaps.length,
  };
}

function nameOfDescriptor({ fd, file, closeOnExec }: Descriptor): string {
  return `${fd} ${file.type} ${file.name.replace(/\d+/g, 'N')}${closeOnExec ? ' close-on-exec' : ''}`;
}

function nameOfMapping({ name, permissions, start, end }: Mapping): string {
  return `${permissions} ${name}${name.startsWith('/') ? ` ${end - start}` : ''}`;
}
