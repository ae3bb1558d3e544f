import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memorySpool, openArchive } from '@icecore/archive';
import { memorySource } from '@icecore/bytes';
import { planScan, scanAll } from '@icecore/scan';
import { redact, secretKey } from '@icecore/secrets';
import { openSnapshot } from '@icecore/snapshot';
import { detect, type Detection, examine, severityId } from './index.ts';

const samples = fileURLToPath(new URL('../../../samples/', import.meta.url));
const key = secretKey(Buffer.alloc(32, 7));
const attack = 'podman-attack.tar.zst';
const harmless = ['podman-loop.tar.zst', 'podman-userns.tar.gz', 'podman-oci-image.tar', 'crio-loop.tar', 'checkpoint-loop_lab-counter-2026-11-23T07-26-29Z.tar'];

async function detected(name: string, scans = true): Promise<Detection> {
  const spool = memorySpool();
  const archive = await openArchive(memorySource(readFileSync(samples + name)), { spool, name });
  const snapshot = await openSnapshot(archive, { spool });
  const hits = scans ? (await scanAll(await planScan(snapshot, archive), { key })).hits : undefined;
  const { examination, gaps } = await examine(snapshot, { captureId: name, ...(hits === undefined ? {} : { hits }), redact: (text) => redact(text, key) });
  expect(gaps).toEqual([]);
  return detect(examination);
}

/** A finding by what a reader would go to. */
function places({ findings }: Detection): string[] {
  return findings.map(({ signal, pid, evidence: [first] }) => `${signal} ${pid ?? '-'} ${first.address === undefined ? (first.path ?? '') : `0x${first.address.toString(16)}`}`.trim());
}

const plain = (detection: Detection): string => JSON.stringify(detection, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
const present = [attack, ...harmless].every((name) => existsSync(samples + name));

(present ? describe : describe.skip)('the attacked sample', () => {
  /** As `samples/truth/podman-attack.truth.json` and the program that made it tell. */
  const acts = [
    'S1 21 /memfd:x',
    'S4 1 0x7f8988dff000',
    'S5 1 0x7f898917c000',
    'S11 22 /tmp/.xmrig',
    'S13 22 /tmp/.xmrig',
    'S14 22',
    'S15 24 /usr/bin/sleep',
    'S17 23',
    'S41 - /etc/cron.d/.update-sys',
    'S46 - /root/.ssh/authorized_keys',
    'S47 - /etc/passwd',
    'S48 - /usr/local/bin/.sysd',
    'S62 - /var/log/auth.log',
    'S64 - /tmp/.libhook.so',
  ];

  it.each(acts)('tells %s, once', async (act) => {
    expect(places(await detected(attack)).filter((each) => each === act)).toEqual([act]);
  });

  it('grades the program image above memory that looks like a compiler’s', async () => {
    const { findings } = await detected(attack);
    const grade = (signal: string): number => severityId(findings.find((finding) => finding.signal === signal)?.severity ?? 'informational');
    expect(grade('S4')).toBeGreaterThan(grade('S5'));
  });

  it('names the peer of the shell, the pool’s address and the preloaded library', async () => {
    const { findings } = await detected(attack);
    expect(findings.find(({ signal }) => signal === 'S17')?.facts).toMatchObject({ peer: '10.88.0.1:4444', fds: '0,1,2' });
    expect(findings.find(({ signal }) => signal === 'S40')?.summary).toContain('LD_PRELOAD=/tmp/.libhook.so');
    expect(findings.filter(({ signal, severity }) => signal === 'S25' && severity === 'high').map(({ pid }) => pid)).toEqual([22, 24]);
  });

  it('tells its processes as one story, in the order of their tree', async () => {
    const { incidents, findings } = await detected(attack);
    const [first] = incidents;
    expect(first).toMatchObject({ severity: 'critical', pids: [1, 21, 22, 23, 24] });
    expect(first?.story).toHaveLength(first?.findings.length ?? 0);
    expect(first?.story.some((sentence) => sentence.startsWith('sh (23) has its standard input'))).toBe(true);
    const told = incidents.flatMap((incident) => incident.findings);
    expect(new Set(told).size).toBe(told.length);
    const attacks = findings.filter(({ category, severity }) => category === 'attack' && severityId(severity) >= 4);
    for (const { id } of attacks) expect(told).toContain(id);
  });

  it('is told the same each time, and with no secret in it', async () => {
    const text = plain(await detected(attack));
    expect(plain(await detected(attack))).toBe(text);
    expect(text).not.toMatch(/AKIAIOSFODNN7EXAMPLE|wJalrXUtnFEMI/);
  });

  it('says which detectors were blind where memory was not scanned', async () => {
    const { coverage, findings } = await detected(attack, false);
    expect(coverage.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(coverage.find(({ signal }) => signal === 'S4')).toMatchObject({ state: 'blind', reason: 'needs the memory scan' });
    expect(findings.some(({ signal }) => signal === 'S17')).toBe(true);
  });
});

(present ? describe : describe.skip)('a harmless sample', () => {
  it.each(harmless)('%s has no finding of high severity, no incident, and no detector that broke off', async (name) => {
    const { findings, incidents, coverage } = await detected(name);
    expect(findings.filter(({ severity }) => severityId(severity) >= 4)).toEqual([]);
    expect(findings.filter(({ category }) => category === 'attack')).toEqual([]);
    expect(incidents).toEqual([]);
    expect(coverage.filter(({ state }) => state === 'failed')).toEqual([]);
  });
});
