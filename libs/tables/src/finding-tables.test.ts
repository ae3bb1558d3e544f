import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memorySpool, openArchive } from '@icecore/archive';
import { type Gap, memorySource } from '@icecore/bytes';
import { detect, type Detection, examine } from '@icecore/findings';
import { encodeParquet, type RowOf, type Table, writeParquet } from '@icecore/lake';
import { planScan, scanAll, type ScanHit } from '@icecore/scan';
import { secretKey } from '@icecore/secrets';
import { openSnapshot } from '@icecore/snapshot';
import { allTables, captureIdOf, captureOf, type Examined, findingTables } from './index.ts';

const bytes = readFileSync(fileURLToPath(new URL('../../../samples/podman-attack.tar.zst', import.meta.url)));
const sha256 = createHash('sha256').update(bytes).digest('hex');
const key = secretKey(Buffer.alloc(32, 7));

type Row = RowOf<Table>;
let examined: Examined & Detection & { readonly hits: readonly ScanHit[] };
let tables: Map<string, { table: Table; rows: Row[] }>;
const gaps: Gap[] = [];
const rowsOf = (name: string): readonly Row[] => tables.get(name)?.rows ?? [];

beforeAll(async () => {
  const spool = memorySpool();
  const archive = await openArchive(memorySource(bytes), { spool });
  const snapshot = await openSnapshot(archive, { spool });
  const { hits } = await scanAll(await planScan(snapshot, archive), { key });
  const { examination } = await examine(snapshot, { captureId: captureIdOf(sha256), hits, redact: (text) => text });
  examined = { ...detect(examination), hits };
  const capture = captureOf(snapshot, { archiveSha256: sha256, archiveBytes: bytes.length }).row;
  tables = new Map([...findingTables(examined, capture, gaps)].map(({ table, rows }) => [table.name, { table, rows: [...rows] }]));
}, 60_000);

describe('the tables of findings', () => {
  it('take every row, in sorted order', async () => {
    for (const { table, rows } of tables.values()) {
      await expect(writeParquet(table, rows, () => Promise.resolve())).resolves.toMatchObject({ rows: rows.length });
    }
    expect(gaps).toEqual([]);
  });

  it('are all among the tables of the lake, whose names differ', () => {
    const names = allTables.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...tables.keys()]));
    expect(new Set(names).size).toBe(names.length);
  });

  it('have a row for each finding, with its evidence and its incident', () => {
    const rows = new Map(rowsOf('findings').map((row) => [row['finding_id'], row]));
    expect(rows.size).toBe(examined.findings.length);
    expect(rows.size).toBeGreaterThan(5);
    for (const finding of examined.findings) {
      const incident = examined.incidents.find(({ findings }) => findings.includes(finding.id));
      expect(rows.get(finding.id)).toMatchObject({ detector: finding.detector, summary: finding.summary, incident_id: incident?.id ?? null, pid: finding.pid === undefined ? null : BigInt(finding.pid) });
      expect(rows.get(finding.id)?.['evidence']).toHaveLength(finding.evidence.length);
    }
  });

  it('have the reverse shell with its peer', () => {
    expect(rowsOf('findings').filter(({ detector }) => detector === 'reverse-shell')).toMatchObject([{ pid: 23n, severity_id: 5, facts: expect.anything() }]);
  });

  it('have every finding of an incident', () => {
    const known = new Set(rowsOf('findings').map(({ finding_id }) => finding_id));
    const told = rowsOf('incidents').flatMap((row) => row['finding_ids']);
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter((id) => !known.has(String(id)))).toEqual([]);
  });

  it('have each indicator once, with all it was seen', () => {
    const rows = rowsOf('indicators');
    const total = examined.hits.reduce((sum, hit) => sum + (hit.kind === 'indicator' ? BigInt(hit.count) : 0n), 0n);
    expect(new Set(rows.map(({ type, value }) => `${String(type)} ${String(value)}`)).size).toBe(rows.length);
    expect(rows.reduce((sum, row) => sum + BigInt(Number(row['occurrence_count'])), 0n)).toBe(total);
    expect(total).toBeGreaterThan(0n);
  });

  it('name where each secret is, and no secret', () => {
    const rows = rowsOf('secrets');
    expect(rows.length).toBe(examined.hits.filter(({ kind }) => kind === 'secret' || kind === 'key_schedule').length);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toMatchObject({ hmac: expect.stringMatching(/^[0-9a-f]{64}$/), hmac_key_id: key.id, source: expect.stringMatching(/./) });
    expect(JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain('AKIAIOSFODNN7EXAMPLE');
  });

  it('have one row for each detector', () => {
    expect(rowsOf('detector_coverage')).toHaveLength(examined.coverage.length);
  });

  it('give the same bytes whatever the order of hits and findings', () => {
    const turned: Examined = { findings: examined.findings.toReversed(), incidents: examined.incidents.toReversed(), coverage: examined.coverage.toReversed(), hits: examined.hits.toReversed() };
    const capture = rowsOf('findings')[0];
    if (capture === undefined) throw new Error('no findings');
    for (const { table, rows } of findingTables(turned, captureRowOf(capture), [])) {
      const before = tables.get(table.name);
      expect(encodeParquet(table, rows)).toEqual(encodeParquet(table, before?.rows ?? []));
    }
  });
});

function captureRowOf(row: Row) {
  const { capture_id, captured_at, cluster, node, namespace, pod, container, container_id, image, archive_sha256 } = row;
  return { capture_id, captured_at, cluster, node, namespace, pod, container, container_id, image, archive_sha256 };
}
