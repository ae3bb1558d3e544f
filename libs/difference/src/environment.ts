import type { Process } from '@icecore/snapshot';
import { inTextOrder, pairUp } from './pairing.ts';
import type { NotCompared } from './not-compared.ts';
import { type MatchedProcesses, unreadText } from './processes.ts';

/** A variable; `null` for a string of the environment that has no `=`. A name that comes twice is two variables. */
export interface Variable {
  readonly name: string;
  readonly value: string | null;
}

export interface VariableChange {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The environment of a process that both checkpoints have. */
export interface EnvironmentChange {
  readonly pid: number;
  readonly added: readonly Variable[];
  readonly removed: readonly Variable[];
  readonly changed: readonly VariableChange[];
}

export function compareEnvironments({ pairs }: MatchedProcesses, notCompared: NotCompared[]): EnvironmentChange[] {
  return pairs.flatMap(([was, is]) => {
    const subject = `environment of process ${was.pid}`;
    const unread = [...unreadText('before', subject, was.environment), ...unreadText('after', subject, is.environment)];
    notCompared.push(...unread);
    if (unread.length > 0) return [];
    const { pairs: same, added, removed } = pairUp(variablesOf(was), variablesOf(is), [({ name }) => name]);
    const changed = same
      .filter(([before, after]) => before.value !== after.value)
      .map(([before, after]) => ({ name: before.name, before: before.value, after: after.value }));
    if (added.length + removed.length + changed.length === 0) return [];
    return [{ pid: was.pid, added: [...added].sort(inTextOrder), removed: [...removed].sort(inTextOrder), changed: changed.sort(byName) }];
  });
}

function variablesOf({ environment }: Process): Variable[] {
  if (environment.state !== 'captured') return [];
  return environment.values.map((text) => {
    const equals = text.indexOf('=');
    return equals === -1 ? { name: text, value: null } : { name: text.slice(0, equals), value: text.slice(equals + 1) };
  });
}

/** Stable, so that variables of one name stay in the order in which the process has them. */
function byName(a: VariableChange, b: VariableChange): number {
  return inTextOrder(a.name, b.name);
}
