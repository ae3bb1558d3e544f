import { parquetMetadata } from 'hyparquet';
import { csvLines, detectionFindings, markdownReport, securityLakeFiles, stixBundle, timesketchLines } from './index.ts';
import { hostileCase } from './case.test-support.ts';
import { ocsfProblems } from './ocsf.test-support.ts';
import { uuidOf } from './uuid.ts';

const product = { version: '1.2.3' };
const findings = detectionFindings(hostileCase, product);
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('OCSF Detection Findings', () => {
  it('meet what version 1.3 requires', () => {
    expect(findings).toHaveLength(2);
    for (const finding of findings) expect(ocsfProblems(asJson(finding))).toEqual([]);
  });

  it('would be refused without what is required', () => {
    const [finding] = findings;
    expect(ocsfProblems(asJson({ ...finding, time: undefined, severity_id: 9, finding_info: { title: 'x' }, evidences: [{}], is_alert: true }))).toEqual([
      'detection_finding.time: is required',
      'detection_finding.severity_id: 9 is not one of 0,1,2,3,4,5,6,99',
      'detection_finding.finding_info[0].uid: is required',
      expect.stringMatching(/evidences\[0\]: one of .* must be there/),
      'detection_finding.is_alert: is not in the schema',
    ]);
  });

  it('name the process, the peer, the technique and its tactic', () => {
    const told = findings.find(({ finding_info: { uid } }) => uid === 'f1');
    expect(told).toMatchObject({
      time: Date.parse('2026-11-23T23:59:59.999Z'),
      severity: 'Critical',
      evidences: [{ process: { pid: 23, name: 'sh', cmd_line: 'sh -i' }, dst_endpoint: { ip: '203.0.113.9', port: 4444 }, data: { what: 'socket', fd: 0, source: 'files.img' } }, { dst_endpoint: undefined, data: { address: '0x7f8898600000' } }],
      unmapped: { 'facts.peer': '203.0.113.9:4444', incident_id: 'i1' },
    });
    expect(told?.finding_info.attacks[0]).toMatchObject({ tactic: { name: 'Execution' }, technique: { uid: 'T1059' }, sub_technique: { uid: 'T1059.004' } });
  });

  it('tell a technique that is not known by its id alone', () => {
    expect(findings.find(({ finding_info: { uid } }) => uid === 'f2')?.finding_info.attacks.at(-1)).toEqual({ version: '19.0', tactic: undefined, technique: { uid: 'T9999', name: 'T9999' }, sub_technique: undefined });
  });
});

describe('files for Security Lake', () => {
  const source = { source: 'icecore', region: 'eu-central-1', accountId: '111122223333' };

  it('lie in the folder of their day in UTC, and are the same twice', () => {
    const files = securityLakeFiles(findings, source);
    expect(files.map(({ path }) => path)).toEqual([
      'ext/icecore/region=eu-central-1/accountId=111122223333/eventDay=19700101/detection-findings.parquet',
      'ext/icecore/region=eu-central-1/accountId=111122223333/eventDay=20261123/detection-findings.parquet',
    ]);
    expect(securityLakeFiles(findings.toReversed(), source)).toEqual(files);
  });

  it('are Parquet compressed by zstd, with a column for each attribute', () => {
    for (const { bytes } of securityLakeFiles(findings, source)) {
      const { row_groups, schema, num_rows } = parquetMetadata(bytes.slice().buffer);
      expect(num_rows).toBe(1n);
      expect(new Set(row_groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data?.codec)))).toEqual(new Set(['ZSTD']));
      expect(schema.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(findings[0] ?? {})));
    }
  });

  it.each([
    [{ ...source, source: '../x' }],
    [{ ...source, region: 'eu/central' }],
    [{ ...source, accountId: '1/2' }],
  ])('are refused for %p', (wrong) => {
    expect(() => securityLakeFiles(findings, wrong)).toThrow(RangeError);
  });
});

describe('a STIX bundle', () => {
  const bundle = stixBundle(hostileCase);
  const ids = new Set(bundle.objects.map(({ id }) => id));

  it('has ids of the right form, each once', () => {
    expect(ids.size).toBe(bundle.objects.length);
    for (const { id, type } of bundle.objects) expect(id).toMatch(new RegExp(`^${type}--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`));
  });

  it('has every object that one of it refers to', () => {
    const refs = bundle.objects.flatMap((object) => Object.entries(object).flatMap(([key, value]) => (key.endsWith('_ref') ? [value] : key.endsWith('_refs') && Array.isArray(value) ? value : [])));
    expect(refs.length).toBeGreaterThan(10);
    expect(refs.filter((ref) => !ids.has(String(ref)))).toEqual([]);
  });

  it('has the properties that the standard requires of each type', () => {
    const required: Readonly<Record<string, readonly string[]>> = {
      identity: ['name', 'created', 'modified'],
      indicator: ['pattern', 'pattern_type', 'valid_from', 'created', 'modified'],
      'observed-data': ['first_observed', 'last_observed', 'number_observed', 'object_refs', 'created', 'modified'],
      'attack-pattern': ['name', 'created', 'modified'],
      relationship: ['relationship_type', 'source_ref', 'target_ref', 'created', 'modified'],
      report: ['name', 'published', 'object_refs', 'created', 'modified'],
      file: ['hashes'],
      'ipv4-addr': ['value'],
      'ipv6-addr': ['value'],
      url: ['value'],
    };
    for (const object of bundle.objects) expect([object.type, ...(required[object.type] ?? ['no such type']).filter((property) => object[property] === undefined)]).toEqual([object.type]);
  });

  it('calls the peer and the file of an attack indicators, and nothing else', () => {
    expect(bundle.objects.filter(({ type }) => type === 'indicator').map(({ pattern }) => pattern).sort()).toEqual(["[file:hashes.'SHA-256' = '" + 'ab'.repeat(32) + "']", "[ipv4-addr:value = '203.0.113.9']"]);
  });

  it('gives an address the id that everybody gives it', () => {
    // The example of RFC 9562, appendix A.4.
    expect(uuidOf('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
    expect(bundle.objects.find(({ type }) => type === 'ipv4-addr')?.id).toBe(`ipv4-addr--${uuidOf('00abedb4-aa42-466c-9c01-fed23315a9b7', '{"value":"203.0.113.9"}')}`);
  });

  it('is the same twice', () => {
    expect(stixBundle(hostileCase)).toEqual(bundle);
  });
});

describe('Timesketch lines', () => {
  it('have message, datetime, timestamp_desc and a data type', () => {
    expect([...timesketchLines(hostileCase)].map((line): unknown => JSON.parse(line))).toEqual([
      { message: 'curl x', datetime: '2026-11-23T10:00:00.123Z', timestamp: 1795428000123000, timestamp_desc: 'Command Entry Time', data_type: 'criu:shell:history', capture_id: 'c1', cluster: 'prod', namespace: 'shop', pod: 'web', container: '=cmd|x', pid: 23 },
    ]);
  });
});

describe('CSV', () => {
  const lines = [...csvLines(hostileCase)];

  it('lets no cell be a formula', () => {
    expect(lines[1]).toContain(",'=cmd|x,");
    expect(lines[2]).toContain(',"\'=1+1 ""quoted""\nline",');
  });
});

describe('a report in Markdown', () => {
  const report = markdownReport(hostileCase);

  it('lets names be text, not markup', () => {
    expect(report).not.toContain('<script>');
    expect(report).not.toMatch(/\[x\]\(y\)/);
    expect(report).not.toMatch(/^\d+\. # /m);
    expect(report).not.toContain('`a` | *b*`');
  });

  it('tells the command that shows the bytes', () => {
    expect(report).toContain("icecore memory 'it'\\''s.tar' 23 --at 7f8898600000 --length 256");
  });

  it('says what could not be seen, and where nothing was found', () => {
    expect(report).toContain('- processes started by exec: no dump has them');
    expect(markdownReport({ ...hostileCase, findings: [], incidents: [] })).toContain('Nothing was found.');
  });
});
