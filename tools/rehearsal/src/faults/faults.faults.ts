import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { s3VaultFromUrl } from '@icecore/aws';
import { repository } from '../command-line.ts';
import { recordedArchive } from '../samples.test-support.ts';
import { killCases, kubeletCases, nodeCases, smallDisk, type SmallDisk } from './node-cases.test-support.ts';
import { type S3Proxy, startS3Proxy } from './s3-proxy.ts';
import { type FaultCase, type FaultRow, play, type Stage, startStage } from './stage.test-support.ts';
import { storeCases } from './vault-cases.test-support.ts';

const page = join(repository, 'docs/faults.md');
const largeArchive = join(repository, 'samples/podman-attack.tar.zst');
const endpoint = process.env['ICECORE_S3_ENDPOINT'];
const rows: FaultRow[] = [];
/** Names of cases, of which those are played that begin so: `s3,clock`. */
const wanted = (process.env['ICECORE_FAULTS'] ?? '').split(',').filter((name) => name !== '');

const isWanted = ({ id }: Pick<FaultCase, 'id'>): boolean => wanted.length === 0 || wanted.some((name) => id.startsWith(name));

/** Plays a case on the stage that is up by then, and keeps its row for the page. */
function cases(list: readonly FaultCase[], stage: () => Stage): void {
  const [asked, others] = [list.filter(isWanted), list.filter((each) => !isWanted(each))];
  for (const { what } of others) test.skip(what, () => undefined);
  for (const each of asked) test(each.what, async () => {
    const begun = performance.now();
    const { row, wrong } = await play(stage(), each);
    rows.push(row);
    process.stdout.write(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${row.what}: ${row.ended}${wrong.length === 0 ? '' : `, WRONG: ${wrong.join('; ').slice(0, 2000)}`}\n`);
    expect(wrong).toEqual([]);
    expect([row.lost, row.doubled]).toEqual([0, 0]);
  });
}

describe('the kubelet and the node', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({ archive: recordedArchive });
  });
  afterAll(() => stage?.stop());
  cases([...kubeletCases, ...killCases, ...nodeCases], () => stage);
});

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const fullDisks: readonly { readonly place: string; readonly bytes: number; readonly each: Pick<FaultCase, 'id' | 'what' | 'words' | 'leavesHalves'> }[] = [
  { place: 'checkpoints', bytes: 64 << 10, each: { id: 'checkpoint-disk', what: 'the disk of the checkpoint folder is full', leavesHalves: true, words: /(RuntimeFailed).*(no space left)/ } },
  { place: 'vault', bytes: 128 << 10, each: { id: 'vault-disk', what: 'the disk of a vault in a folder is full', words: /(VaultUnavailable).*(no space left)/ } },
];
(isRoot ? describe : describe.skip).each(fullDisks)('a full disk for $place, as root can make one', ({ place, bytes, each }) => {
  const folder = mkdtempSync(join(tmpdir(), 'icecore-faults-'));
  let disk: SmallDisk | undefined;
  let stage: Stage;
  beforeAll(async () => {
    disk = smallDisk(join(folder, place), bytes);
    stage = await startStage({ archive: recordedArchive, folder });
  });
  afterAll(async () => {
    await stage?.stop();
    disk?.unmount();
    rmSync(folder, { recursive: true });
  });
  /** It is too small until a capture says so. */
  const growing: FaultCase['inject'] = ({ rehearsal }, pods) => {
    const end = rehearsal.api.store.onChange(({ object }) => {
      if (!pods.some((pod) => object.metadata.name.startsWith(`${pod}-`)) || !each.words.test(JSON.stringify(object['status'] ?? {}))) return;
      end();
      disk?.grow(64 << 20);
    });
    return () => 'until it was made larger';
  };
  cases([{ ...each, alerts: 1, inject: growing, ends: 'sealed' }], () => stage);
});

(endpoint === undefined ? describe.skip : describe)('the store', () => {
  let stage: Stage;
  let proxy: S3Proxy;
  beforeAll(async () => {
    proxy = await startS3Proxy(endpoint ?? '');
    const place = `s3://evidence/faults-${randomBytes(4).toString('hex')}`;
    const env = { AWS_ENDPOINT_URL_S3: proxy.endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'testtest' };
    // What is checked afterwards is read past the proxy.
    const opened = s3VaultFromUrl(place, { ...env, AWS_ENDPOINT_URL_S3: endpoint });
    stage = await startStage({ archive: largeArchive, proxy, vault: { place, env, opened } });
  });
  afterAll(async () => {
    await stage?.stop();
    await proxy?.close().catch(() => undefined);
  });
  cases(storeCases, () => stage);
});

it('is what docs/faults.md says', () => {
  expect(wanted.filter((name) => !order().some(({ id }) => id.startsWith(name)))).toEqual([]);
  const lines = rows.map(({ what, often, alerts, told, ended, lost, doubled }) => `| ${what} | ${often} | ${alerts} | ${told} | ${ended} | ${lost} | ${doubled} |`);
  const written = existsSync(page) ? readFileSync(page, 'utf8').split('\n') : [];
  if (process.env['ICECORE_UPDATE'] === '1') writeFileSync(page, pageOf(merged(written, lines)));
  // A machine without root or without the S3 server holds only its own rows against the page.
  else expect(lines.filter((line) => !written.includes(line))).toEqual([]);
});

/** Rows of this run, and of those cases that it did not play, what the page had, in the order of the cases. */
function merged(written: readonly string[], lines: readonly string[]): string[] {
  const whatOf = (line: string): string => line.split(' | ')[0]?.slice(2) ?? '';
  const byCase = new Map([...written.filter((line) => line.startsWith('| ')), ...lines].map((line) => [whatOf(line), line]));
  return order().flatMap(({ what }) => byCase.get(what) ?? []);
}

/** All cases, as the page lists them. */
function order(): readonly Pick<FaultCase, 'id' | 'what'>[] {
  return [...kubeletCases, ...killCases, ...nodeCases, ...fullDisks.map(({ each }) => each), ...storeCases];
}

function pageOf(lines: readonly string[]): string {
  return `# What goes wrong, and what is lost

\`nx run @icecore/rehearsal:faults\` lets the trigger work while things go wrong around it: both roles as processes, a
stand-in of the API server with conflicts and watches, a stand-in of the kubelet that answers as a real one was measured to,
and a real S3 server behind a proxy that cuts, delays, refuses and tampers. After each fault every accepted alert has one capture, which ended as
sealed or with a reason in words; the ledger of every sealed one is whole and verified; where a capture failed, the node still
has the archive; no container was checkpointed twice. The suite fails where this page is not what it sees;
\`ICECORE_UPDATE=1\` writes it anew, and \`ICECORE_FAULTS=s3,clock\` plays only the cases whose names begin so. Either role is killed at
220 random moments as well: \`nx run @icecore/rehearsal:rehearsal\`.

| what went wrong | how often | alerts | words of their status on the way | how their captures ended | lost | doubled |
| --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}

A part of which the store got other bytes is read anew and sent again, three times in all. S3 compares the checksum of every part
before it keeps it; the server here, Ceph RGW, does not, and there the MD5 in its answer tells.
`;
}
