import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memorySpool, openArchive } from '@icecore/archive';
import { memorySource } from '@icecore/bytes';
import { detect, type Detection, examine } from '@icecore/findings';
import { encodeParquet, type RowOf, type Table } from '@icecore/lake';
import { planScan, scanAll, type ScanHit } from '@icecore/scan';
import { redact, secretKey } from '@icecore/secrets';
import { openSnapshot } from '@icecore/snapshot';
import { allTables, captureIdOf, findingTables } from './index.ts';

const bytes = readFileSync(fileURLToPath(new URL('../../../samples/podman-attack.tar.zst', import.meta.url)));
const sha256 = createHash('sha256').update(bytes).digest('hex');
const key = secretKey(Buffer.alloc(32, 7));

let detection: Detection;
let hits: readonly ScanHit[];
let tables: ReadonlyMap<string, { readonly table: Table; readonly rows: readonly RowOf<Table>[] }>;
const rowsOf = (name: string): readonly RowOf<Table>[] => tables.get(name)?.rows ?? [];

beforeAll(async () => {
  const spool = memorySpool();
  const archive = await openArchive(memorySource(bytes), { spool });
  const snapshot = await openSnapshot(archive, { spool });
  ({ hits } = await scanAll(await planScan(snapshot, archive), { key }));
  const { examination } = await examine(snapshot, { captureId: captureIdOf(sha256), hits, redact: (text) => redact(text, key) });
  detection = detect(examination);
  tables = new Map(findingTables(snapshot, { archiveSha256: sha256, archiveBytes: bytes.length }, detection, hits, key).map((filled) => [filled.table.name, filled]));
}, 60_000);

describe('the tables of findings', () => {
  it('can be written, and are all among the tables of the lake', () => {
    for (const { table, rows } of tables.values()) expect(encodeParquet(table, rows).length).toBeGreaterThan(100);
    const names = allTables.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...tables.keys()]));
    expect(new Set(names).size).toBe(names.length);
  });

  it('have a row for each finding, with its evidence and its incident', () => {
    const rows = new Map(rowsOf('findings').map((row) => [row['finding_id'], row]));
    expect(rows.size).toBe(detection.findings.length);
    for (const finding of detection.findings) {
      const incident = detection.incidents.find(({ findings }) => findings.includes(finding.id));
      expect(rows.get(finding.id)).toMatchObject({ detector: finding.detector, incident_id: incident?.id ?? null, pid: finding.pid === undefined ? null : BigInt(finding.pid) });
      expect(rows.get(finding.id)?.['evidence']).toHaveLength(finding.evidence.length);
    }
  });

  it('have the reverse shell with its peer', () => {
    expect(rowsOf('findings').filter(({ detector }) => detector === 'reverse-shell')).toMatchObject([{ pid: 23n, severity_id: 5, facts: { peer: '10.88.0.1:4444' } }]);
  });

  it('have each indicator once, with all the times it was seen', () => {
    const total = hits.reduce((sum, hit) => sum + (hit.kind === 'indicator' ? hit.count : 0), 0);
    const rows = rowsOf('indicators');
    expect(new Set(rows.map(({ type, value }) => `${String(type)} ${String(value)}`)).size).toBe(rows.length);
    expect(rows.reduce((sum, { occurrence_count: count }) => sum + Number(count), 0)).toBe(total);
    expect(rows).toEqual(expect.arrayContaining([expect.objectContaining({ type: 'mining_pool', value: 'stratum+tcp://pool.minexmr.example.invalid:3333' })]));
  });

  it('have secrets without their values', () => {
    expect(rowsOf('secrets')).toEqual(expect.arrayContaining([expect.objectContaining({ rule: 'aws_access_key_id', masked: 'AKIA…LE', validity: 'example' })]));
    const everything = JSON.stringify([...tables.values()].map(({ rows }) => rows), (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    expect(everything).not.toContain('AKIAIOSFODNN7EXAMPLE');
    expect(everything).not.toContain('wJalrXUtnFEMI');
  });
});
