import type { JsonValue } from '@icecore/criu';
import { type Check, checkNames, type Examined } from '@icecore/capture';
import type { Terminal } from '../terminal.ts';
import { shown, textTable } from './text-table.ts';

const marks = { good: 'ok', bad: 'FAILS', unseen: '?' } as const;
const styles = { good: 'green', bad: 'red', unseen: 'yellow' } as const;

/** A row for each, then every check that is not good, with what helps. */
export async function printExamined(all: readonly Examined[], terminal: Terminal): Promise<void> {
  const columns = checkNames.filter((name) => all.some(({ checks }) => checks.some(({ check }) => check === name)));
  const cell = (checks: readonly Check[], name: string): string => {
    const found = worst(checks.filter(({ check }) => check === name));
    return found === undefined ? '' : terminal.style(styles[found.state], found.state === 'good' && name !== 'rbac' && name !== 'role' ? brief(found.says) : marks[found.state]);
  };
  const rows = all.map(({ name, checks }) => [shown(name, 60), ...columns.map((each) => cell(checks, each))]);
  await terminal.line(textTable([{ title: 'NODE' }, ...columns.map((name) => ({ title: name.toUpperCase() }))], rows, terminal.width).join('\n'));
  for (const { name, checks } of all) {
    for (const { check, state, says, ...rest } of checks.filter(({ state: each }) => each !== 'good')) {
      await terminal.line(`${terminal.style(styles[state], state === 'bad' ? 'fails' : '?    ')}  ${shown(name, 60)}: ${check}: ${shown(says, 500)}`);
      if ('remedy' in rest) await terminal.line(`         ${shown(rest.remedy, 300)}`);
    }
  }
}

const order = ['bad', 'unseen', 'good'] as const;

function worst(checks: readonly Check[]): Check | undefined {
  return [...checks].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))[0];
}

/** The first words, where a column has room for few. */
function brief(says: string): string {
  const [first = ''] = says.split(/[,:;]/);
  return shown(first, 26);
}

export function examinedJson({ name, checks }: Examined): JsonValue {
  return { name, good: checks.every(({ state }) => state === 'good'), checks: checks.map((each): JsonValue => ({ ...each })) };
}
