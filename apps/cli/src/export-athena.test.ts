import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { duckdbEngine } from '@icecore/local';
import { allTables } from '@icecore/tables';
import { type AthenaStandIn, athenaStandIn } from './athena.test-support.ts';
import { attack, icecore, loop, root } from './run.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-export-athena-'));
const lake = join(folder, 'lake');
let standIn: AthenaStandIn;

beforeAll(async () => {
  icecore('analyze', attack, loop, '--lake', lake);
  standIn = await athenaStandIn(await duckdbEngine({ lakeRoot: lake, tables: allTables }));
}, 120_000);
afterAll(async () => {
  await standIn?.close();
  rmSync(folder, { recursive: true });
});

/** Runs beside this process, which answers as Athena meanwhile. */
async function exportedByAthena(format: string): Promise<string> {
  const child = spawn(process.execPath, [join(root, 'apps/cli/bin/icecore.cjs'), 'export', '--athena', '--format', format], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '', AWS_ENDPOINT_URL_ATHENA: standIn.url, AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, told] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if ((await ended) !== 0) throw new Error(told);
  return out;
}

describe('icecore export --athena', () => {
  it.each(['ocsf', 'timesketch', 'csv', 'stix', 'markdown'])('tells in %s what the lake in a folder tells', async (format) => {
    const local = icecore('export', '--format', format, '--lake', lake).out;
    expect(local).toContain('10.88.0.1');
    expect(await exportedByAthena(format)).toBe(local);
  });
});
