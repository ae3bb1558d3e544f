import { DefinitionError } from './errors.ts';
import { parseRule } from './choice.ts';
import type { Definition, Machine, State } from './definition.ts';
import type { Json } from './json.ts';
import { parsePath, parseReferencePath } from './path.ts';
import { parseTemplate } from './template.ts';

/**
 * Checks what the form alone does not tell: that names lead to states, that every state can be reached and leads
 * somewhere, and that paths and templates are ones that are run here. Throws a `DefinitionError` with every problem.
 */
export function checkDefinition(definition: Definition): void {
  const problems: string[] = [];
  checkMachine(definition, '', problems, new Set());
  if (problems.length > 0) throw new DefinitionError(problems.join('\n'));
}

function checkMachine(machine: Machine, place: string, problems: string[], names: Set<string>): void {
  const { States: states, StartAt: start } = machine;
  if (!Object.hasOwn(states, start)) problems.push(`${place}StartAt: there is no state ${start}`);
  const reached = new Set([start]);
  for (const [name, state] of Object.entries(states)) {
    if (names.has(name)) problems.push(`${place}${name}: the name is taken by another state`);
    names.add(name);
    for (const next of successors(state)) {
      reached.add(next);
      if (!Object.hasOwn(states, next)) problems.push(`${place}${name}: leads to ${next}, which is no state`);
    }
    checkState(state, `${place}${name}`, problems);
    for (const inner of innerMachines(state)) checkMachine(inner, `${place}${name} / `, problems, names);
  }
  for (const name of Object.keys(states)) if (!reached.has(name)) problems.push(`${place}${name}: no state leads to it`);
}

function successors(state: State): readonly string[] {
  const next = 'Next' in state && state.Next !== undefined ? [state.Next] : [];
  const caught = 'Catch' in state ? state.Catch.map(({ Next }) => Next) : [];
  if (state.Type !== 'Choice') return [...next, ...caught];
  return [...state.Choices.flatMap(({ Next }) => Next ?? []), ...(state.Default === undefined ? [] : [state.Default])];
}

export function innerMachines(state: State): readonly Machine[] {
  if (state.Type === 'Parallel') return state.Branches;
  return state.Type === 'Map' ? [state.ItemProcessor] : [];
}

function checkState(state: State, place: string, problems: string[]): void {
  const tell = (field: string, check: () => unknown): void => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      problems.push(`${place}.${field}: ${error.message}`);
    }
  };
  if (!['Choice', 'Succeed', 'Fail'].includes(state.Type)) {
    const ends = 'End' in state && state.End === true;
    const goesOn = 'Next' in state && state.Next !== undefined;
    if (ends === goesOn) problems.push(`${place}: needs either Next or End`);
  }
  for (const [field, value] of Object.entries(state)) {
    if (value === null || value === undefined) continue;
    if (field === 'ResultPath') tell(field, () => parseReferencePath(String(value)));
    else if (pathFields.has(field)) tell(field, () => parsePath(String(value)));
    else if (templateFields.has(field)) tell(field, () => parseTemplate(value as Json));
  }
  if ('Catch' in state) for (const { ResultPath: path } of state.Catch) if (typeof path === 'string') tell('Catch.ResultPath', () => parseReferencePath(path));
  if (state.Type === 'Choice') for (const rule of state.Choices) tell('Choices', () => parseRule(rule, true));
  if (state.Type === 'Wait') {
    const given = [state.Seconds, state.SecondsPath, state.Timestamp, state.TimestampPath].filter((each) => each !== undefined);
    if (given.length !== 1) problems.push(`${place}: needs one of Seconds, SecondsPath, Timestamp, TimestampPath`);
  }
  if (state.Type === 'Map') checkMap(state, place, problems, tell);
}

const pathFields = new Set(['InputPath', 'OutputPath', 'ItemsPath', 'SecondsPath', 'TimestampPath', 'ErrorPath', 'CausePath', 'ToleratedFailurePercentagePath']);
const templateFields = new Set(['Parameters', 'ResultSelector', 'ItemSelector']);

function checkMap(state: Extract<State, { Type: 'Map' }>, place: string, problems: string[], tell: (field: string, check: () => unknown) => void): void {
  const distributed = state.ItemProcessor.ProcessorConfig.Mode === 'DISTRIBUTED';
  for (const field of ['ItemReader', 'ItemBatcher', 'ResultWriter', 'ToleratedFailureCount', 'ToleratedFailurePercentage', 'ToleratedFailurePercentagePath', 'Label'] as const) {
    if (!distributed && state[field] !== undefined) problems.push(`${place}.${field}: belongs to a distributed Map`);
  }
  for (const field of ['ItemReader', 'ResultWriter'] as const) {
    const parameters = state[field]?.Parameters;
    if (parameters !== undefined) tell(`${field}.Parameters`, () => parseTemplate(parameters));
  }
  const batchInput = state.ItemBatcher?.BatchInput;
  if (batchInput !== undefined) tell('ItemBatcher.BatchInput', () => parseTemplate(batchInput));
}
