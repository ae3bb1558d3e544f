import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isSecretName } from '@icecore/secrets';
import { type CaptureView, reportDocument } from '../index.ts';
import { viewOf } from '../sample-view.test-support.ts';
import { strictElements } from '../strict-html.test-support.ts';

const samples = fileURLToPath(new URL('../../../../samples/', import.meta.url));
const tool = { name: 'icecore', version: '0.1.0' };
const names = ['podman-attack.tar.zst', 'podman-loop.tar.zst', 'podman-userns.tar.gz', 'podman-oci-image.tar', 'crio-loop.tar', 'checkpoint-loop_lab-counter-2026-11-23T07-26-29Z.tar'];
const present = names.every((name) => existsSync(samples + name));

interface Truth {
  readonly processes: readonly { readonly pid_ns: number; readonly environ: readonly string[] }[];
}
const truthOf = (name: string): Truth => JSON.parse(readFileSync(`${samples}truth/${name}.truth.json`, 'utf8'));
const sampleView = (name: string): Promise<CaptureView> => viewOf(readFileSync(samples + name), `samples/${name}`);

(present ? describe : describe.skip)('the report of the attacked sample', () => {
  let view: CaptureView;
  let html: string;
  beforeAll(async () => {
    view = await sampleView(names[0] ?? '');
    html = reportDocument(view, tool);
  });

  it('gives the answer before anything else, and each part in its place', () => {
    const order = ['2 incidents, both critical', 'id="incidents"', 'id="findings"', 'id="unseen"', 'id="processes"', 'id="network"', 'id="memory"', 'id="timeline"', 'id="files"', 'id="environment"', 'id="custody"'];
    const places = order.map((text) => html.indexOf(text, html.indexOf('<body>')));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('has every process that the live container had, each under its id', () => {
    const live = truthOf('podman-attack').processes.length;
    expect(view.processes.listed.map(({ pid }) => pid)).toEqual([1, 21, 22, 23, 24]);
    expect(live).toBe(view.processes.total);
    for (const { pid } of view.processes.listed) expect(html).toContain(`id="process-${pid}"`);
  });

  it('marks the processes that the attack made by what is wrong with them', () => {
    const badges = new Map(view.processes.listed.map(({ pid, badges: own }) => [pid, own.map(({ kind }) => kind)]));
    expect(badges.get(21)).toContain('memory_only');
    expect(badges.get(22)).toContain('deleted');
    expect(badges.get(23)).toContain('connected');
  });

  it('draws the shell’s connection to the attacker and names the finding on it', () => {
    const [edge] = view.network.graph.edges;
    expect(edge).toMatchObject({ pid: 23, peer: '10.88.0.1', ports: ['tcp 4444'], direction: 'out', severity: 'critical' });
    expect(view.findings[(edge?.findings[0] ?? 0) - 1]).toMatchObject({ signal: 'S17', pid: 23 });
  });

  it('marks the injected program image in the memory of process 1, and shows its bytes', () => {
    const memory = view.memory.listed.find(({ pid }) => pid === 1);
    const marker = memory?.markers.find(({ address }) => address === '7f8988dff000');
    expect(memory?.segments[marker?.segment ?? -1]).toMatchObject({ start: '7f8988dff000', permissions: 'rwxp', writableCode: true });
    const finding = view.findings.find(({ signal }) => signal === 'S4');
    expect(finding?.evidence[0]).toMatchObject({ command: 'icecore memory samples/podman-attack.tar.zst 1 --at 7f8988dff000 --length 64', bytes: { bytes: expect.arrayContaining(['7f', '45', '4c', '46']) } });
    expect(html).toContain('7f 45 4c 46');
  });

  it('tells each finding with a rule, a technique, a confidence and what looks the same', () => {
    for (const finding of view.findings) {
      expect(finding.techniques.length).toBeGreaterThan(0);
      expect(finding.techniques.every(({ name }) => name !== '')).toBe(true);
      expect(finding.falsePositives).not.toBe('');
      expect(html).toContain(`id="finding-${finding.number}"`);
    }
  });

  it('orders what has a time, the planted files between the container’s creation and the checkpoint', () => {
    const times = view.timeline.listed.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    const cron = view.timeline.listed.findIndex(({ subject }) => subject === '/etc/cron.d/.update-sys');
    const created = view.timeline.listed.findIndex(({ what }) => what === 'container created');
    const taken = view.timeline.listed.findIndex(({ what }) => what === 'checkpoint taken');
    expect(created).toBeGreaterThanOrEqual(0);
    expect(cron).toBeGreaterThan(created);
    expect(taken).toBeGreaterThan(cron);
  });

  it('says what could not be seen', () => {
    expect(view.coverage.detectors.filter(({ state }) => state === 'blind').map(({ detector }) => detector)).toEqual(expect.arrayContaining(['missing-process']));
    expect(html).toContain('processes started by exec');
    expect(html).toContain('This archive was not sealed');
  });

  it('is below 3 MiB, is the same twice, and is the same from JSON', async () => {
    expect(Buffer.byteLength(html)).toBeLessThan(3 << 20);
    expect(reportDocument(await sampleView(names[0] ?? ''), tool)).toBe(html);
    expect(reportDocument(JSON.parse(JSON.stringify(view)), tool)).toBe(html);
  });
});

(present ? describe : describe.skip)('the report of any sample', () => {
  const secrets = present
    ? ['podman-attack', 'podman-loop', 'crio-loop', 'podman-userns'].flatMap((name) =>
        truthOf(name).processes.flatMap(({ environ }) => environ.flatMap((variable) => {
          const [key = '', value = ''] = variable.split(/=(.*)/s);
          return isSecretName(key) || key === 'AWS_ACCESS_KEY_ID' ? [value] : [];
        })))
    : [];

  it.each(names)('%s holds no secret, points to nothing outside, and runs what its policy names alone', async (name) => {
    const view = await sampleView(name);
    const html = reportDocument(view, tool);
    expect(secrets.length).toBeGreaterThan(2);
    for (const secret of secrets) for (const form of [secret, Buffer.from(secret).toString('hex'), [...Buffer.from(secret)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')]) expect(`${html}${JSON.stringify(view)}`).not.toContain(form);
    const elements = strictElements(html);
    expect(elements.filter(({ tag }) => tag === 'script')).toHaveLength(1);
    expect(elements.filter(({ tag }) => ['img', 'link', 'iframe', 'object', 'embed', 'base', 'form', 'use', 'image', 'audio', 'video'].includes(tag))).toEqual([]);
    const ids = new Set(elements.flatMap(({ attributes }) => attributes.get('id') ?? []));
    for (const { attributes } of elements) {
      expect([...attributes.keys()].filter((attribute) => /^on|^style$|^src/.test(attribute))).toEqual([]);
      const link = attributes.get('href');
      if (link !== undefined && !link.startsWith('https://attack.mitre.org/techniques/T')) expect(ids).toContain(link.slice(1));
    }
    expect(html).toMatch(/<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;|<meta http-equiv="Content-Security-Policy" content="default-src 'none'/);
  });
});
