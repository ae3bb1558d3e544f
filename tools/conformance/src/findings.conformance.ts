import { existsSync, readFileSync } from 'node:fs';
import { detect, type Detection, examine, severityId } from '@icecore/findings';
import { planScan, scanAll } from '@icecore/scan';
import { redact, secretKey } from '@icecore/secrets';
import { archiveNamed, type CorpusArchive, corpusArchives, corpusNote, openCapture, truthOf } from './corpus.ts';
import type { Truth, TruthProcess } from './truth.ts';

const key = secretKey(Buffer.alloc(32, 3));

async function detected(corpusArchive: CorpusArchive): Promise<Detection> {
  const { archive, snapshot, name } = await openCapture(corpusArchive);
  const { hits } = await scanAll(await planScan(snapshot, archive), { key });
  const { examination } = await examine(snapshot, { captureId: name, hits, redact: (text) => redact(text, key) });
  return detect(examination);
}

const attacks = corpusArchives.filter(({ name }) => name.includes('attack'));
const harmless = corpusArchives.filter((archive) => !attacks.includes(archive));

describe(`findings (${corpusNote})`, () => {
  it.each(harmless.map((archive) => [archive.name, archive] as const))('have none of high severity in %s, where nothing happened', async (_name, archive) => {
    const { findings, incidents, coverage } = await detected(archive);
    expect(findings.filter(({ severity }) => severityId(severity) >= 4).map(({ signal, summary }) => `${signal} ${summary}`)).toEqual([]);
    expect(incidents.map(({ title }) => title)).toEqual([]);
    expect(coverage.filter(({ state }) => state === 'failed')).toEqual([]);
  });

  it.each(attacks.map((archive) => [archive.name, archive] as const))('tell every act of %s once, where the truth has it', async (_name, archive) => {
    const truth = truthOf(archive);
    if (truth === undefined) throw new Error(`${archive.name} has no truth`);
    const { findings } = await detected(archive);
    const places = findings.map(({ signal, pid, evidence: [first] }) => `${signal} ${pid ?? first.path ?? ''}${first.address === undefined ? '' : ` 0x${first.address.toString(16)}`}`.trim());
    for (const act of actsOf(truth, archive)) expect([act, places.filter((place) => place === act).length]).toEqual([act, 1]);
  });

  it.each(attacks.map((archive) => [archive.name, archive] as const))('of high severity in %s are all of the acts that the truth has', async (_name, archive) => {
    const truth = truthOf(archive);
    if (truth === undefined) throw new Error(`${archive.name} has no truth`);
    const { findings, incidents } = await detected(archive);
    const pids = new Set(truth.processes.map(({ ns_pid }) => ns_pid));
    const paths = new Set([...(truth.upper_files ?? []).map(({ path }) => `/${path.replace(/^\//, '')}`), ...(truth.podman_diff ?? []).map((line) => line.slice(2))]);
    const grave = findings.filter(({ severity, category }) => category === 'attack' && severityId(severity) >= 4);
    for (const { pid, evidence, summary } of grave) {
      const known = pid === undefined ? evidence.some(({ path }) => path !== undefined && [...paths].some((each) => each.startsWith(path.trimEnd()) || path.startsWith(each))) : pids.has(pid);
      expect([summary, known]).toEqual([summary, true]);
    }
    const joined = new Set(incidents.flatMap((incident) => incident.findings));
    expect(grave.filter(({ id }) => !joined.has(id))).toEqual([]);
  });
});

/** What the truth says was done, as findings have to name it. */
function actsOf(truth: Truth, archive: CorpusArchive): string[] {
  const acts: string[] = [];
  for (const process of truth.processes) acts.push(...actsOfProcess(process));
  const files = (truth.upper_files ?? []).map(({ path }) => `/${path.replace(/^\//, '')}`);
  for (const path of files) {
    if (path.startsWith('/etc/cron.d/') && path !== '/etc/cron.d/') acts.push(`S41 ${path}`);
    if (path.endsWith('/.ssh/authorized_keys')) acts.push(`S46 ${path}`);
    if (path === '/etc/passwd') acts.push(`S47 ${path}`);
    if (path.endsWith('/.sysd')) acts.push(`S48 ${path}`);
  }
  for (const line of truth.podman_diff ?? []) if (/^D \/var\/log\//.test(line)) acts.push(`S62 ${line.slice(2)}`);
  return [...acts, ...memoryActs(archive)];
}

function actsOfProcess({ ns_pid: pid, exe, cmdline, comm, fds }: TruthProcess): string[] {
  const acts: string[] = [];
  if (exe?.startsWith('/memfd:') === true) acts.push(`S1 ${pid}`);
  else if (exe?.endsWith(' (deleted)') === true) acts.push(`S11 ${pid}`);
  if (/^\[.+\]/.test(cmdline[0] ?? '')) acts.push(`S14 ${pid}`);
  if (/xmrig/.test(`${cmdline[0] ?? ''} ${comm}`)) acts.push(`S25 ${pid}`);
  const standard = fds.filter(({ fd }) => fd <= 2).map(({ link }) => link);
  if (standard.length === 3 && new Set(standard).size === 1 && /^socket:/.test(standard[0] ?? '')) acts.push(`S17 ${pid}`);
  return acts;
}

/** Addresses that the program which made the memory noted: an image with a header, and code. */
function memoryActs({ path }: CorpusArchive): string[] {
  const notes = path.replace(/\.tar.*$/, '.pids.txt');
  if (!existsSync(notes)) return [];
  const text = readFileSync(notes, 'utf8');
  const [, image] = /\brwx=([0-9a-f]+)/.exec(text) ?? [];
  const [, code] = /\brwx2=([0-9a-f]+)/.exec(text) ?? [];
  return [...(image === undefined ? [] : [`S4 1 0x${image}`]), ...(code === undefined ? [] : [`S5 1 0x${code}`])];
}

describe('what the attack’s truth gives', () => {
  it('is more than a handful of acts, so that nothing passes by being empty', () => {
    const archive = archiveNamed('attack.runc') ?? archiveNamed('podman-attack');
    const truth = archive === undefined ? undefined : truthOf(archive);
    if (archive === undefined || truth === undefined) throw new Error('the corpus has no attacked archive');
    expect(actsOf(truth, archive).length).toBeGreaterThanOrEqual(10);
  });
});
