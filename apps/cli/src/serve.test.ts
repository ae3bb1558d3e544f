import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attack, icecore, root } from './run.test-support.ts';
import { startServe } from './serve.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-cli-serve-'));
const lake = join(folder, 'lake');
let server: ChildProcess | undefined;
let port = 0;
let token = '';
let cookie = '';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function ask(path: string, { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers: { host: `127.0.0.1:${port}`, ...headers } }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces).toString('utf8') }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const inside = (path: string, headers: Record<string, string> = {}): Promise<Answer> => ask(path, { headers: { cookie, ...headers } });
const write = (path: string, value: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(path, { method: 'POST', headers: { cookie, origin: `http://127.0.0.1:${port}`, 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) });

beforeAll(async () => {
  icecore('analyze', attack, '--lake', lake);
  const { server: child, link } = await startServe(['--lake', lake, '--archives', join(root, 'samples')], { cwd: folder });
  server = child;
  port = Number(link.port);
  token = link.searchParams.get('token') ?? '';
}, 120_000);

afterAll(() => {
  server?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

describe('the console', () => {
  it('opens by its link, once', async () => {
    expect((await ask('/open?token=guess')).status).toBe(403);
    const opened = await ask(`/open?token=${token}`);
    expect(opened.status).toBe(303);
    const [set = ''] = [opened.headers['set-cookie'] ?? []].flat();
    expect(set).toMatch(/HttpOnly/i);
    expect(set).toMatch(/SameSite=Strict/i);
    cookie = set.split(';')[0] ?? '';
    expect((await ask(`/open?token=${token}`)).status).toBe(403);
  });

  it.each([
    ['without a session', { cookie: '' }, 401],
    ['under another name, as a page of elsewhere would have it', { host: 'evil.example.com' }, 421],
    ['for another site', { 'sec-fetch-site': 'cross-site' }, 403],
  ])('answers nothing %s', async (_, headers, status) => {
    expect((await inside('/api/overview', headers)).status).toBe(status);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example.com' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
  ])('changes nothing for %s', async (_, headers, status) => {
    expect((await write('/api/sql', { sql: 'SELECT 1' }, headers)).status).toBe(status);
  });

  it('lets no script but its own run, and nothing from elsewhere in', async () => {
    const policy = String((await inside('/')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe/);
  });

  it('asks the lake in SQL, and refuses what would change it or read files beside it', async () => {
    const { status, body } = await write('/api/sql', { sql: "SELECT count(*) AS n FROM findings WHERE severity = 'critical'" });
    expect(status).toBe(200);
    expect(body).toMatch(/"n"/);
    for (const sql of ["COPY findings TO '/tmp/x'", "SELECT * FROM read_text('/etc/passwd')", 'DROP VIEW findings', "ATTACH '/tmp/x.db'"]) {
      expect((await write('/api/sql', { sql })).status).toBeGreaterThanOrEqual(400);
    }
  });

  it('shows strings of a process with asterisks for secrets, and refuses what makes no sense', async () => {
    const { body } = await write('/api/sql', { sql: 'SELECT capture_id FROM captures' });
    const [capture = ''] = /[0-9a-f]{32}/.exec(body) ?? [];
    const heap = /^ *([0-9a-f]+)-[0-9a-f]+ +rw/gm;
    const starts = [...icecore('memory', attack, '1').out.matchAll(heap)].map(([, start = '']) => start);
    const texts: string[] = [];
    for (const start of starts) {
      const answer = await inside(`/api/strings?capture=${capture}&pid=1&at=${start}&least=6`);
      expect(answer.status).toBe(200);
      texts.push(answer.body);
    }
    expect(texts.join('\n')).toMatch(/\*{16,}/);
    expect(texts.join('\n')).not.toContain('AKIAIOSFODNN7EXAMPLE');
    expect((await inside(`/api/strings?capture=${capture}&pid=1&at=zz&least=6`)).status).toBe(400);
    expect((await inside('/api/captures/none')).status).toBe(404);
  });
});
