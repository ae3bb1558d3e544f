import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openArchive } from '@icecore/archive';
import { compareSnapshots } from '@icecore/difference';
import { fileSource, folderSpool, type Podman, podmanMigration, runInSandbox } from '@icecore/local';
import { checkpointFacts, type CheckpointImage, checkpointImage, checkpointLayer, isolatedCopy, layoutFiles, migrate, writeTar } from '@icecore/restore';
import { type ContainerSnapshot, openSnapshot } from '@icecore/snapshot';
import { type Lab, missingForLab, startLab } from './index.ts';
import { labFolders } from './folders.ts';

const flags = ['--cgroup-manager=cgroupfs', '--runtime=runc'];
const reasons = [...missingForLab(), ...(existsSync(join(labFolders().root, '.packages')) ? [] : ['no lab is prepared: npx nx run @icecore/lab:prepare'])];

function podmanOf(lab: Lab): Podman {
  return {
    run: (words) => lab.command('podman', [...flags, ...words], { timeout: 120_000 }),
    async read(path) {
      const { status, output } = await lab.command('cat', [path]);
      return status === 0 ? output : undefined;
    },
  };
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

async function snapshotOf(path: string): Promise<ContainerSnapshot> {
  const spool = folderSpool();
  return openSnapshot(await openArchive(await fileSource(path), { spool }), { spool });
}

/** The image of an archive, as `icecore image` makes it. */
async function imageOf(path: string): Promise<CheckpointImage> {
  const spool = folderSpool();
  const layer = await checkpointLayer(await fileSource(path), { spool });
  const archive = await openArchive(layer.plain, { spool });
  const snapshot = await openSnapshot(archive, { spool });
  return checkpointImage(layer, await checkpointFacts(archive, snapshot), snapshot.container.checkpointedAt ?? new Date(0));
}

/** The numbers that the counter wrote to its log, last one last. */
function counted(text: string): number[] {
  return [...text.matchAll(/\bcount (\d+)/g)].map(([, number]) => Number(number));
}

if (reasons.length > 0) {
  describe('a copy brought back to life', () => {
    it.todo(`is not tried here: ${reasons.join('; ')}`);
  });
} else {
  describe('a copy brought back to life', () => {
    let lab: Lab;
    let podman: Podman;
    const work = (name: string): string => join(lab.folders.work, name);
    const made: string[] = [];

    beforeAll(async () => {
      lab = await startLab();
      podman = podmanOf(lab);
    });
    afterAll(async () => {
      for (const name of made) await podman.run(['rm', '--force', '--time', '0', name]);
      for (const name of ['restore-counter.tar.zst', 'restore-evidence.tar.zst', 'restore-image.tar', 'restore-copy.tar.zst', 'restore-after.tar.zst', 'restore-attack.tar.zst']) rmSync(work(name), { force: true });
      await podman.run(['image', 'rm', '--force', 'localhost/restore-evidence:1']);
      await lab.stop();
    });

    const writeImage = (image: CheckpointImage): Promise<void> => pipeline(Readable.from(writeTar(layoutFiles(image, '1'))), createWriteStream(work('restore-image.tar')));

    /** Captures a running container, and takes the original away: only the evidence is left. */
    const capture = async (name: string, command: readonly string[], options: readonly string[]): Promise<string> => {
      made.push(name);
      await podman.run(['rm', '--force', '--time', '0', name]);
      const container = await lab.runContainer({ name, command, options });
      await sleep(1500);
      const { archive, failure } = await lab.checkpoint(container);
      if (archive === undefined) throw new Error(`no capture: ${failure}`);
      await lab.remove(container);
      return archive;
    };

    it('goes on counting where it was captured, twice from the same evidence, from an image of ours and from the archive, with no route; the evidence is unchanged', async () => {
      const evidence = await capture('restore-counter', ['/bin/sh', '-c', 'echo ready; i=100; while true; do i=$((i+1)); echo count $i; sleep 0.2; done'], []);
      const before = sha256(evidence);
      await writeImage(await imageOf(evidence));
      const archive = await openArchive(await fileSource(evidence), { spool: folderSpool() });
      const last = counted(Buffer.from(await (archive.entries.get('ctr.log')?.source.read(0, archive.entries.get('ctr.log')?.source.size ?? 0) ?? new Uint8Array(0))).toString('utf8')).at(-1) ?? 0;
      expect(last).toBeGreaterThan(100);

      const loaded = await podman.run(['pull', '--quiet', 'oci-archive:/lab/restore-image.tar:1']);
      expect(loaded).toMatchObject({ status: 0 });
      await podman.run(['tag', loaded.output.trim().split('\n').at(-1) ?? '', 'localhost/restore-evidence:1']);
      const ways = [
        ['restore-one', ['localhost/restore-evidence:1']],
        ['restore-two', ['--import=/lab/restore-counter.tar.zst']],
      ] as const;
      for (const [name, from] of ways) {
        made.push(name);
        const restored = await podman.run(['container', 'restore', `--name=${name}`, ...from]);
        expect({ name, ...restored }).toMatchObject({ status: 0 });
        await sleep(1500);
        const pid = (await podman.run(['inspect', '--type=container', '--format={{.State.Pid}}', name])).output.trim();
        expect((await podman.read(`/proc/${pid}/net/route`))?.trim().split('\n')).toHaveLength(1);
        const numbers = counted((await podman.run(['logs', name])).output);
        const fresh = numbers.filter((number) => number > last);
        // Nothing is left out and nothing begins anew: the next number is the one behind the last that was captured.
        expect(fresh[0]).toBe(last + 1);
        expect(fresh.length).toBeGreaterThan(3);
        expect(numbers.at(-1)).toBe(last + fresh.length);
      }
      expect(sha256(evidence)).toBe(before);
    });

    it('of an attack does what it does where nothing leads out, and the diff with its second capture names it', async () => {
      // It had a network when it was captured. Awake, it goes on: a file, a process of another name, and a try to get out.
      const attack = 'echo stage > /tmp/.stage; echo ready; sleep 3; cp /bin/sleep /tmp/.xmrig; /tmp/.xmrig 3600 & mkdir -p /etc/cron.d; echo "* * * * * root /tmp/.xmrig" > /etc/cron.d/woke; while true; do busybox wget -q -T 1 -O- http://10.99.0.9/ >/dev/null 2>&1; sleep 1; done';
      const captured = await capture('restore-attack', ['/bin/sh', '-c', attack], ['--network=lab']);
      renameSync(captured, work('restore-evidence.tar.zst'));
      const evidence = work('restore-evidence.tar.zst');
      const before = sha256(evidence);
      const copy = await isolatedCopy(await fileSource(evidence), folderSpool());
      await pipeline(Readable.from(copy.pieces()), createWriteStream(work('restore-copy.tar.zst')));
      const network = await runInSandbox(podman, { name: 'restore-sandboxed', copy: '/lab/restore-copy.tar.zst', after: '/lab/restore-after.tar.zst', milliseconds: 5000, closeTcp: false });
      expect(network).toEqual({ interfaces: ['lo'], routes: [] });
      expect(sha256(evidence)).toBe(before);
      const [asleep, awake] = [await snapshotOf(evidence), await snapshotOf(work('restore-after.tar.zst'))];
      const difference = await compareSnapshots(asleep, awake, { memory: true, files: true });
      const text = JSON.stringify(difference, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
      expect(text).toContain('/etc/cron.d/woke');
      expect(text).toContain('.xmrig');
      expect(awake.processes.some(({ comm }) => comm === '.xmrig')).toBe(true);
      expect(asleep.processes.some(({ comm }) => comm === '.xmrig')).toBe(false);
      expect((await podman.run(['container', 'exists', 'restore-sandboxed'])).status).not.toBe(0);
    });

    const moves: [what: string, health: string, kind: string][] = [
      ['that is well goes on, and the source is stopped', 'true', 'moved'],
      ['that is never well is taken away, and the source runs on', 'false', 'rolled_back'],
    ];
    it.each(moves)('by a migration: a copy %s', async (_, health, kind) => {
      const names = ['restore-source', 'restore-moved'];
      made.push(...names);
      for (const name of names) await podman.run(['rm', '--force', '--time', '0', name]);
      await lab.runContainer({ name: 'restore-source', command: ['/bin/sh', '-c', 'echo ready; trap exit TERM; i=0; while true; do i=$((i+1)); echo count $i; sleep 0.2; done'] });
      const makeImage = async (): Promise<string> => {
        await writeImage(await imageOf(work('restore-move.tar.zst')));
        return 'oci-archive:/lab/restore-image.tar:1';
      };
      const ports = podmanMigration(podman, { source: 'restore-source', copy: 'restore-moved', archive: '/lab/restore-move.tar.zst', makeImage, health, tcp: false });
      const outcome = await migrate(ports, { healthAttempts: 3, attempts: 3, pause: () => sleep(200) });
      expect(outcome).toMatchObject({ kind });
      const running = (await podman.run(['ps', '--filter=name=^restore-(source|moved)$', '--format={{.Names}}'])).output.trim();
      expect(running).toBe(kind === 'moved' ? 'restore-moved' : 'restore-source');
      rmSync(work('restore-move.tar.zst'), { force: true });
      await podman.run(['rm', '--force', '--time', '0', ...names]);
    });
  });
}
