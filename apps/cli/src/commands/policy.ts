import { readFile } from 'node:fs/promises';
import { type Alert, alertOfOrder, type ClusterObjects, ClusterObjectsError, examplePolicy, MalformedAlert, maxRequestBytes, parsePolicy, parseTarget, type Policy, PolicyError, readAlerts, readClusterObjects } from '@icecore/alerts';
import { command, UsageError } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readPast } from '../policy/captures-file.ts';
import { trialHistory, type TrialSetting, tryAlert } from '../policy/trial.ts';
import { shown } from '../render/text-table.ts';
import { printTrial, trialJson } from '../render/trial.ts';
import type { Terminal } from '../terminal.ts';
import { actor } from '../vault.ts';

/** `icecore policy`: what a policy of captures would make of alerts. */
export const policy = command({
  name: 'policy',
  summary: 'What a policy makes of alerts, and why, rule by rule; nothing is captured.',
  arguments: 'test POLICY [ALERT…] | check POLICY | example',
  count: [1, 1000],
  options: {
    pod: { type: 'string', value: 'FILE', multiple: true, summary: 'the cluster’s pods, and their namespaces and owners, as kubectl get -o yaml prints them' },
    captures: { type: 'string', value: 'FILE', summary: 'captures that were taken before, as kubectl get captures -A -o json prints them' },
    order: { type: 'string', value: 'TARGET', multiple: true, summary: 'NAMESPACE/POD[/CONTAINER], as if somebody asked for it' },
    at: { type: 'string', value: 'TIME', summary: 'when the alerts arrive (default: each when its source saw it)' },
    together: { type: 'boolean', summary: 'one after another: what one would capture counts for those after it' },
    json: { type: 'boolean', summary: 'as JSON, one object a decision' },
  },
  examples: [
    ['icecore policy example > policy.yaml', 'a policy to begin with'],
    ['icecore policy test policy.yaml samples/alerts/*.json', 'what would happen; ends with 1 where nothing would be captured'],
    ['kubectl get pods,namespaces,replicasets -A -o yaml > now.yaml; icecore policy test policy.yaml --pod now.yaml -', 'an alert from standard input, about the pods that are there'],
  ],
  async run({ arguments: [action = '', file, ...files], options, terminal }) {
    if (action === 'example') {
      await terminal.bytes(Buffer.from(examplePolicy));
      return exitCodes.done;
    }
    if (action !== 'test' && action !== 'check') throw new UsageError(`there is no policy ${action}; there are test, check and example`);
    if (file === undefined) throw new UsageError(`policy ${action} needs a POLICY`);
    const rules = await readPolicy(file, terminal);
    if (rules === undefined) return exitCodes.failed;
    if (action === 'check') {
      await terminal.line(`${file}: can be followed, ${rules.rules.length} rules${rules.dryRun ? ', a dry run' : ''}`);
      return exitCodes.done;
    }
    const orders = (options.order ?? []).map((target) => orderOf(target));
    if (files.length + orders.length === 0) throw new UsageError('policy test needs an ALERT, - for standard input, or --order');
    const objects = options.pod === undefined ? undefined : await objectsOf(options.pod);
    const past = options.captures === undefined ? [] : readPast(await readFile(options.captures, 'utf8'));
    const setting = { policy: rules, objects, history: trialHistory(past), at: momentOf(options.at), together: options.together === true };
    const tally = { captures: 0, read: 0, refused: 0 };
    for (const path of files) await testFile(path, setting, options.json === true, tally, terminal);
    for (const [target, alert] of orders) await test(`order ${target}`, [alert], setting, options.json === true, tally, terminal);
    return codeOf(tally);
  },
});

interface Tally {
  /** Decisions to capture. */
  captures: number;
  /** Files that were read. */
  read: number;
  /** Files that hold no alert that can be read. */
  refused: number;
}

function codeOf({ captures, read, refused }: Tally): ExitCode {
  if (refused > 0) return read > 0 ? exitCodes.partial : exitCodes.failed;
  return captures > 0 ? exitCodes.done : exitCodes.no;
}

async function testFile(path: string, setting: TrialSetting, json: boolean, tally: Tally, terminal: Terminal): Promise<void> {
  const body = path === '-' ? await standardInput() : await readFile(path);
  const answer = readAlerts(body, '');
  if (answer.outcome === 'refused') {
    tally.refused += 1;
    if (json) await terminal.json({ file: path, action: 'refused', status: answer.status, reason: answer.reason });
    else await terminal.line(`${shown(path)}\n  ${terminal.style('red', `would be refused with ${answer.status}`)}: ${shown(answer.reason, 300)}`);
    return;
  }
  await test(path, answer.alerts, setting, json, tally, terminal);
  for (const reason of answer.ignored) {
    if (json) await terminal.json({ file: path, action: 'ignore', reason });
    else await terminal.line(`  would ignore it: ${shown(reason, 300)}`);
  }
}

async function test(name: string, alerts: readonly Alert[], setting: TrialSetting, json: boolean, tally: Tally, terminal: Terminal): Promise<void> {
  tally.read += 1;
  if (!json) await terminal.line(shown(name));
  for (const trial of alerts.flatMap((alert) => tryAlert(setting, alert))) {
    if (trial.decision.action === 'capture') tally.captures += 1;
    if (json) await terminal.json(trialJson(name, trial));
    else await printTrial(trial, setting.policy, terminal);
  }
}

async function readPolicy(path: string, terminal: Terminal): Promise<Policy | undefined> {
  const text = await readFile(path, 'utf8');
  try {
    return parsePolicy(text);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    terminal.note(`icecore policy: ${path} cannot be followed:\n${error.message.split('\n').map((line) => `  ${shown(line, 300)}`).join('\n')}`);
    return undefined;
  }
}

async function objectsOf(paths: readonly string[]): Promise<ClusterObjects> {
  try {
    return readClusterObjects(await Promise.all(paths.map((path) => readFile(path, 'utf8'))));
  } catch (error) {
    if (error instanceof ClusterObjectsError) throw new UsageError(`${paths.join(', ')}: ${error.message}`);
    throw error;
  }
}

function orderOf(target: string): readonly [string, Alert] {
  const at = new Date();
  try {
    const { container, ...named } = parseTarget(target);
    return [target, alertOfOrder('operator', { ...named, ...(container === undefined ? {} : { container }), reason: 'policy test', by: actor().id, nonce: at.toISOString(), at })];
  } catch (error) {
    if (error instanceof MalformedAlert) throw new UsageError(error.message);
    throw error;
  }
}

function momentOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) throw new UsageError(`--at ${text} is no time such as 2026-11-02T14:10:00Z`);
  return moment;
}

/** One byte more than a request may have is enough to know that it has too many. */
async function standardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxRequestBytes) break;
  }
  return Buffer.concat(chunks);
}
