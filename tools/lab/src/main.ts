import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captureScenario, type ScenarioCapture } from './capture.ts';
import { examineCapture } from './examine-capture.ts';
import { labFolders } from './folders.ts';
import { type Judgement, judge, passes, scores } from './judge.ts';
import { startLab } from './lab.ts';
import { LabMissingError } from './missing.ts';
import { prepareLab } from './prepare.ts';
import { allScenarios } from './scenarios/index.ts';
import type { Scenario } from './scenario.ts';
import { table } from './table.ts';

/** Ends a command that needs a lab where there can be none. */
const notHere = 75;

const [verb = 'help', ...wanted] = process.argv.slice(2);
const chosen = allScenarios.filter(({ id }) => wanted.length === 0 || wanted.some((start) => id.startsWith(start)));
const verbs: Readonly<Record<string, () => Promise<number>>> = {
  prepare: async () => (await prepareLab(tell), tell('lab: ready'), 0),
  capture: async () => (await captureAll(chosen), 0),
  examine: async () => ((await examineAll(chosen)) === chosen.length ? 0 : 1),
  scenarios: runScenarios,
};

try {
  process.exitCode = await (verbs[verb] ?? usage)();
} catch (error) {
  if (!(error instanceof LabMissingError)) throw error;
  tell(`lab: ${error.message}`);
  process.exitCode = notHere;
}

function tell(line: string): void {
  console.log(line);
}

async function usage(): Promise<number> {
  console.error('usage: node tools/lab/src/main.ts prepare | capture [SCENARIO…] | examine [SCENARIO…] | scenarios [SCENARIO…]');
  return 2;
}

/** Prepares, captures and examines; where there can be no lab, says so and is content. */
async function runScenarios(): Promise<number> {
  try {
    await prepareLab(tell);
  } catch (error) {
    if (!(error instanceof LabMissingError)) throw error;
    tell(`lab: ${error.message}`);
    tell(`the ${chosen.length} scenarios were not captured and nothing was proven by them`);
    writeTotals({ passed: 0, failed: 0, skipped: chosen.length });
    return 0;
  }
  await captureAll(chosen);
  const passed = await examineAll(chosen);
  writeTotals({ passed, failed: chosen.length - passed, skipped: 0 });
  return passed === chosen.length ? 0 : 1;
}

/** Where the check of the whole repository counts what passed. */
function writeTotals(totals: { readonly passed: number; readonly failed: number; readonly skipped: number }): void {
  const folder = fileURLToPath(new URL('../test-output/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'scenarios.json'), JSON.stringify(totals));
}

async function captureAll(scenarios: readonly Scenario[]): Promise<void> {
  const rows: string[][] = [['SCENARIO', 'STATE', 'FROZEN MS', 'BYTES', 'REASON']];
  const lab = await startLab();
  const stop = (): void => void lab.stop().then(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    for (const scenario of scenarios) rows.push(captureRow(await captureScenario(lab, scenario)));
  } finally {
    await lab.stop();
  }
  tell(table(rows));
}

function captureRow({ id, state, frozenMilliseconds, archiveBytes, reason }: ScenarioCapture): string[] {
  return [id, state, frozenMilliseconds?.toFixed(1) ?? '', archiveBytes === undefined ? '' : String(archiveBytes), (reason ?? '').replaceAll('\n', ' ').slice(0, 160)];
}

/** Gives how many passed. */
async function examineAll(scenarios: readonly Scenario[]): Promise<number> {
  const judgements: Judgement[] = [];
  const lost: string[] = [];
  for (const scenario of scenarios) {
    const folder = join(labFolders().captures, scenario.id);
    const state = stateOf(folder);
    if (state !== (scenario.refused === true ? 'refused' : 'captured')) {
      lost.push(`${scenario.id}  was ${state ?? 'not captured'}`);
      continue;
    }
    const findings = await examineCapture(folder, scenario.id);
    writeFileSync(join(folder, 'findings.json'), JSON.stringify(findings, (_, value: unknown) => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value), 1));
    judgements.push(judge(scenario, JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')), findings));
  }
  report(judgements, lost);
  const passed = judgements.filter(passes).length;
  tell(`${passed} passed, ${judgements.length - passed + lost.length} failed`);
  return passed;
}

/** How a capture went; a scenario without an archive shows nothing, unless that is what it is about. */
function stateOf(folder: string): ScenarioCapture['state'] | undefined {
  const path = join(folder, 'capture.json');
  if (!existsSync(path)) return undefined;
  const { state }: ScenarioCapture = JSON.parse(readFileSync(path, 'utf8'));
  return state;
}

function report(judgements: readonly Judgement[], lost: readonly string[]): void {
  const rows = judgements.map((judgement) => {
    const { scenario, met, missed, mistaken } = judgement;
    const mistakes = mistaken.map(({ signal, severity }) => `${signal} ${severity}`);
    return [passes(judgement) ? 'ok' : 'FAILED', scenario.id, signals(met), signals(missed), [...new Set(mistakes)].join(', ')];
  });
  tell(table([['', 'SCENARIO', 'FOUND', 'MISSED', 'NOT ASKED FOR'], ...rows]));
  for (const each of lost) tell(`FAILED  ${each}`);
  const ratio = (part: number, whole: number): string => (whole === 0 ? '-' : (part / whole).toFixed(2));
  tell('');
  tell(table([['SIGNAL', 'RIGHT', 'MISTAKEN', 'MISSED', 'PRECISION', 'RECALL'], ...scores(judgements).map(({ signal, right, mistaken, missed }) => [signal, String(right), String(mistaken), String(missed), ratio(right, right + mistaken), ratio(right, right + missed)])]));
  const sum = scores(judgements).reduce((all, { right, mistaken, missed }) => ({ right: all.right + right, mistaken: all.mistaken + mistaken, missed: all.missed + missed }), { right: 0, mistaken: 0, missed: 0 });
  tell(`all: precision ${ratio(sum.right, sum.right + sum.mistaken)}, recall ${ratio(sum.right, sum.right + sum.missed)}`);
  for (const { scenario, met } of judgements) for (const { signal, reason } of scenario.misses ?? []) tell(`known miss: ${scenario.id} ${signal}${met.some((each) => each.signal === signal) ? ' in part' : ''}: ${reason}`);
}

function signals(expectations: readonly { readonly signal: string }[]): string {
  return [...new Set(expectations.map(({ signal }) => signal))].join(' ');
}
