import { type ContainerSnapshot, valuesOf } from '@icecore/snapshot';
import type { EvidenceText, TextMaker } from './text.ts';

/** Most variables of one environment, and most different environments, that a page lists. */
export const maxShownVariables = 200;
export const maxShownEnvironments = 100;

export interface VariableView {
  readonly name: EvidenceText;
  /** Undefined for text without an equals sign. */
  readonly value: EvidenceText | undefined;
  /** Kind of secret that it holds. */
  readonly secret: string | undefined;
}

/** One environment, with every process that has exactly it. */
export interface EnvironmentView {
  readonly pids: readonly number[];
  readonly variables: readonly VariableView[];
  readonly more: number;
  /** Why it is not whole, or not known. */
  readonly reason: EvidenceText | undefined;
}

export interface EnvironmentsView {
  readonly listed: readonly EnvironmentView[];
  readonly total: number;
}

export function environmentsView({ processes }: ContainerSnapshot, texts: TextMaker): EnvironmentsView {
  const groups = new Map<string, { pids: number[]; values: readonly string[]; reason: string | undefined }>();
  for (const { pid, environment } of processes) {
    if (environment.state === 'none') continue;
    const values = valuesOf(environment);
    const reason = 'reason' in environment ? environment.reason : undefined;
    const key = `${reason ?? ''}\0${values.join('\0')}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { pids: [pid], values, reason });
    else group.pids.push(pid);
  }
  return {
    total: groups.size,
    listed: [...groups.values()].slice(0, maxShownEnvironments).map(({ pids, values, reason }) => ({
      pids,
      variables: values.slice(0, maxShownVariables).map((assignment) => variableView(assignment, texts)),
      more: Math.max(0, values.length - maxShownVariables),
      reason: reason === undefined ? undefined : texts.text(reason),
    })),
  };
}

function variableView(assignment: string, { text, variable }: TextMaker): VariableView {
  const equals = assignment.indexOf('=');
  if (equals === -1) return { name: text(assignment), value: undefined, secret: undefined };
  const name = assignment.slice(0, equals);
  return { name: text(name, 200), ...variable(name, assignment.slice(equals + 1)) };
}
