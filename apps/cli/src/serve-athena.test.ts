import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duckdbEngine } from '@icecore/local';
import { allTables } from '@icecore/tables';
import { type AthenaStandIn, athenaStandIn, limitBytes, scannedBytes } from './athena.test-support.ts';
import { attack, icecore, loop } from './run.test-support.ts';
import { startServe } from './serve.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-serve-athena-'));
let standIn: AthenaStandIn;
let server: ChildProcess | undefined;
let origin = '';
let cookie = '';
let capture = '';

async function ask(path: string, body?: unknown): Promise<{ readonly status: number; readonly spent: { questions: number; bytes: number; dollars: number }; readonly text: string }> {
  const response = await fetch(`${origin}${path}`, { headers: { cookie, origin, 'content-type': 'application/json' }, ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }) });
  return { status: response.status, spent: JSON.parse(response.headers.get('x-icecore-spent') ?? '{}'), text: await response.text() };
}

beforeAll(async () => {
  const lake = join(folder, 'lake');
  icecore('analyze', attack, loop, '--lake', lake);
  standIn = await athenaStandIn(await duckdbEngine({ lakeRoot: lake, tables: allTables }));
  const started = await startServe(['--athena', '--case', join(folder, 'case.json')], {
    cwd: folder,
    env: { AWS_ENDPOINT_URL_ATHENA: standIn.url, AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
  });
  server = started.server;
  origin = started.link.origin;
  cookie = (await fetch(started.link, { redirect: 'manual' })).headers.get('set-cookie')?.split(';')[0] ?? '';
  capture = /[0-9a-f]{32}/.exec((await ask('/api/sql', { sql: "SELECT capture_id FROM captures WHERE archive_name LIKE '%attack%'" })).text)?.[0] ?? '';
}, 120_000);

afterAll(async () => {
  server?.kill('SIGKILL');
  await standIn?.close();
  rmSync(folder, { recursive: true });
});

describe('the console over Athena', () => {
  it('says before what a question may cost', async () => {
    expect(JSON.parse((await ask('/api/session')).text)).toMatchObject({ lake: 'Athena, database icecore', cost: { limitBytes, limitDollars: (limitBytes / 2 ** 40) * 5 } });
  });

  it('says after what a question has cost, and all questions together', async () => {
    const before = (await ask('/api/session')).spent;
    const { text, spent } = await ask('/api/sql', { sql: 'SELECT count(*) AS n FROM findings' });
    expect(JSON.parse(text)).toMatchObject({ columns: [{ name: 'n' }], scanned: { bytes: scannedBytes, dollars: (scannedBytes / 2 ** 40) * 5 } });
    expect(spent.questions).toBe(before.questions + 1);
    expect(spent.bytes).toBe(before.bytes + scannedBytes);
    expect(spent.dollars).toBeCloseTo((spent.bytes / 2 ** 40) * 5, 9);
  });

  it('asks Athena, and says why it refused', async () => {
    const { status, text, spent } = await ask('/api/sql', { sql: 'SELECT nothing FROM findings' });
    expect([status, text]).toEqual([422, expect.stringContaining('nothing')]);
    expect(standIn.statements.at(-1)).toBe('SELECT nothing FROM findings');
    expect(spent.questions).toBeGreaterThan(1);
    expect((await ask('/api/sql', { sql: 'DROP TABLE findings' })).status).toBe(422);
    expect(standIn.statements.at(-1)).not.toContain('DROP');
  });

  it.each([
    ['the overview', () => '/api/overview', /"captures":2/],
    ['a process’s memory', () => `/api/captures/${capture}/memory/1`, /"kind":"program"/],
    ['a list with filters and text', () => '/api/rows?source=findings&columns=summary,techniques,evidence&filter=severity:critical&filter=techniques:T1620&text=memfd', /\[\["4 \(21\) runs \/memfd:x[^\]]*\["T1620"\],\[\{/],
    ['a list of sockets', () => '/api/rows?source=sockets&columns=family,peers&text=inet', /"rows":\[\["AF_INET/],
    ['the times', () => '/api/rows?source=events&columns=happened_at,kind,message&sort=happened_at', /"2026-11-23T0\d:\d\d:\d\d/],
    ['a stack', () => '/api/stack?source=processes&column=executable', /"\/tmp\/.xmrig"/],
    ['a stack of lists', () => '/api/stack?source=findings&column=techniques', /T1620/],
    ['an indicator', () => '/api/search?value=10.88.0.1', /"captures":1/],
    ['an expression', () => '/api/search?value=re:10%5C.88%5C.', /"captures":[12]/],
    ['the tables', () => '/api/tables', /"name":"findings"[^[]*"bytes":null/],
  ])('answers %s', async (_name, path, holds) => {
    const { status, text } = await ask(path());
    expect(text).toMatch(holds);
    expect(status).toBe(200);
  });

  it('shows a capture with its lists', async () => {
    const answer = JSON.parse((await ask(`/api/captures/${capture}`)).text);
    expect(answer.processes.listed).toMatchObject([{ pid: 1, peers: [{ kind: 'pipe' }] }, { pid: 21, executable: { state: 'memory_only' } }, { pid: 22 }, { pid: 23, capabilities: expect.arrayContaining(['CAP_SETFCAP']) }, { pid: 24 }]);
    expect(answer.incidents[0].finding_ids.length).toBeGreaterThan(3);
    expect(answer.network.graph.edges).toMatchObject([{ pid: 23, peer: '10.88.0.1' }]);
  });

  it('compares, reads a finding and asks a hunt', async () => {
    const other = /[0-9a-f]{32}/.exec((await ask('/api/sql', { sql: "SELECT capture_id FROM captures WHERE archive_name LIKE '%loop%'" })).text)?.[0] ?? '';
    const compared = await ask(`/api/compare?before=${other}&after=${capture}`);
    expect(JSON.parse(compared.text)).toMatchObject({ sameContainer: false, parts: expect.arrayContaining([expect.objectContaining({ name: 'credentials', added: 5, removed: 2 })]) });
    const finding = /[0-9a-f-]{20,}/.exec(JSON.parse((await ask('/api/sql', { sql: `SELECT finding_id FROM findings WHERE capture_id = '${capture}' AND signal = 'S4'` })).text).rows[0][0])?.[0];
    expect(JSON.parse((await ask(`/api/captures/${capture}/findings/${finding}`)).text)).toMatchObject({ finding: { signal: 'S4', evidence: [{ what: expect.any(String), pid: 1 }, expect.anything()] }, techniques: [{ id: 'T1620' }, { id: 'T1055' }] });
    expect((await ask('/api/hunts/reverse-shells', { values: {} })).text).toMatch(/"scanned"/);
  });
});
