import { readFile } from 'node:fs/promises';
import { parseTarget, planAnswer, planRestore, type RestoreNeeds, restoreNeeds, type TargetMachine, type Verdict } from '@icecore/restore';
import { UsageError } from '../command.ts';
import { openEvidence } from '../evidence.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { shown } from '../render/text-table.ts';
import type { Terminal } from '../terminal.ts';
import { thisMachine } from './this-machine.ts';

export interface PlanOptions {
  readonly target: string | undefined;
  readonly here: boolean;
  readonly parents: readonly string[] | undefined;
  readonly json: boolean;
}

/** `icecore restore plan`: whether a restore fits a machine, in words. Ends with 1 where it does not. */
export async function tellPlan(path: string, options: PlanOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.here && options.target !== undefined) throw new UsageError('takes --here or --target, and not both');
  await using evidence = await openEvidence(path, options.parents, terminal);
  const needs = await restoreNeeds(evidence.archive, evidence.snapshot);
  const target = await targetOf(options, needs);
  const verdicts = planRestore(needs, target);
  const answer = planAnswer(verdicts);
  if (options.json) await terminal.json({ target: target.name, answer, verdicts: verdicts.map((each) => ({ ...each })) });
  else await terminal.line([answers[answer](target.name), ...verdicts.map((each) => verdictLine(each, terminal))].join('\n'));
  return answer === 'misfit' ? exitCodes.no : exitCodes.done;
}

const answers = {
  fits: (name: string) => `Restores on ${name}: all that it needs is there.`,
  misfit: (name: string) => `Does not restore on ${name}.`,
  unknown: (name: string) => `Nothing speaks against a restore on ${name}; not all is known.`,
} as const;

const marks = { fits: ['ok', 'green'], misfit: ['no', 'red'], unknown: ['?', 'yellow'] } as const;

function verdictLine({ subject, state, says }: Verdict, terminal: Terminal): string {
  const [mark, style] = marks[state];
  return `  ${terminal.style(style, mark.padEnd(3))} ${subject.padEnd(16)} ${shown(says, 600)}`;
}

async function targetOf({ target, here }: PlanOptions, needs: RestoreNeeds): Promise<TargetMachine> {
  if (here) return thisMachine(needs);
  if (target === undefined) return { name: 'the target' };
  try {
    return parseTarget(JSON.parse(await readFile(target, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError')) throw new UsageError(`${target} is neither a row of icecore doctor --json nor a description of a machine`);
    throw error;
  }
}
