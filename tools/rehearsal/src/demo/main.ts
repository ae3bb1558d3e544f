/*
 * `npm start`: an attack from the alert to the answer, on this machine alone. The alert and the checkpoint were recorded; the
 * trigger, the vault, the analysis and the questions are the real ones. Leaves the vault in .icecore/demo and the lake in
 * .icecore/lake, for the commands that it names at its end; another folder than .icecore can be named.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { hasTool } from '@icecore/lab';
import { mustIcecore, repository } from '../command-line.ts';
import { recordedCheckpointer } from '../kubelet/checkpointer.ts';
import { startRehearsal } from '../rehearsal.ts';
import { tellStory } from '../story.ts';
import { answers, type AskedHunt, captureName } from './answers.ts';
import { evidence } from './evidence.ts';

const width = Math.min(process.stdout.isTTY ? process.stdout.columns || 80 : 80, 120);
const story = tellStory((text) => process.stdout.write(text), width, () => performance.now());
const policy = `apiVersion: icecore.dev/v1
kind: CapturePolicy
rules:
  - name: fileless code
    match: { source: falco, rule: "Fileless execution*" }
    capture: { containers: alerted, retention: { lock: 1d } }
limits: { maxAge: 3650d, perNodePerHour: 12, freeBytes: 0 }
`;

const hunts: readonly AskedHunt[] = [
  ['reverse-shells', ['pid', 'command_line', 'executable', 'remote_address', 'remote_port']],
  ['fileless-code', ['pid', 'comm', 'kind', 'what', 'bytes']],
  ['persistence', ['kind', 'path', 'mode_text', 'uid', 'size']],
];

process.chdir(repository);
const base = process.argv[2] ?? '.icecore';
if (!hasTool('openssl')) {
  console.log('openssl is not installed, and the stand-ins of the demo need certificates. The samples alone:');
  process.stdout.write(await mustIcecore(['analyze', 'samples', '--lake', join(base, 'lake')], [0, 4], { width }));
  process.exit(0);
}
if (!existsSync('apps/trigger/dist/main.mjs')) throw new Error('the trigger is not built: npm run prepare');

const folder = resolve(base, 'demo');
rmSync(folder, { recursive: true, force: true });
const alert = readFileSync('samples/alerts/falco-memfd.json', 'utf8');
story.lines('An attack, from the alert to the answer. The alert and the checkpoint were', 'recorded; the trigger, the vault, the analysis and the questions are real.', '');
const containerId = `3f1c9d2e8a47${'0'.repeat(52)}`;
// A real freeze of this archive took 153 ms.
const rehearsal = await startRehearsal({ policy, folder, cluster: 'demo', checkpointer: recordedCheckpointer('samples/podman-attack.tar.zst', () => 153) });
try {
  rehearsal.addPod({ namespace: 'shop', name: 'api-7c9d8f6b5-x2x9q', containers: ['api', 'proxy'], deployment: 'api', containerIds: { api: containerId } });
  const [alerts, node] = [rehearsal.start('alerts'), rehearsal.start('node')];
  const { url } = await alerts.ready;
  await node.ready;
  story.step('cluster', `Stand-ins of an API server and a kubelet, HTTPS on 127.0.0.1; the trigger’s roles alerts (process ${alerts.pid}) and node (${node.pid}).`);
  const sealed = await evidence({ rehearsal, alert, url: `${url}/alerts`, node, story });
  await Promise.all([alerts.stop(), node.stop()]);
  const named = (path: string): string => (base === '.icecore' ? relative(repository, path) : path);
  const place = ['--vault', named(rehearsal.vaultPlace), '--key', named(rehearsal.signingKey)];
  const lake = base === '.icecore' ? [] : ['--lake', join(base, 'lake')];
  await answers({ key: sealed.key, place, lake, hunts, story, width });
  await mustIcecore(['analyze', 'samples', ...lake, '--json'], [0, 4]);
  story.lines('');
  story.step('done', 'The six archives of samples/ are in the lake as well. Now try:');
  for (const [what, words] of next(captureName(sealed.key), place, lake)) {
    story.lines(`  # ${what}`);
    story.command('  npx ', ['icecore', ...words]);
  }
} finally {
  await rehearsal.stop();
}

function next(id: string, place: readonly string[], lake: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  return [
    ['the worst of all captures', ['query', ...lake, 'SELECT severity, container, pid, summary FROM findings ORDER BY severity_id DESC LIMIT 20']],
    ['who knew this address', ['hunt', ...lake, '--ioc', '10.88.0.1']],
    ['every finding with the bytes that show it', ['findings', 'samples/podman-attack.tar.zst']],
    ['who had the evidence in hands', ['evidence', 'show', ...place, id]],
    ['all of it in a browser', ['serve', ...lake]],
    ['your own: what podman, CRI-O or a kubelet wrote', ['analyze', ...lake, 'YOUR-CHECKPOINT.tar']],
  ];
}
