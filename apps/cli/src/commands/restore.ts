import { command, UsageError } from '../command.ts';
import { evidenceOptions } from '../evidence.ts';
import { tellPlan } from '../restore/plan.ts';

/** `icecore restore`: what a restore needs, and a copy brought back to life where it can do no harm. */
export const restore = command({
  name: 'restore',
  summary: 'Plan a restore: does it fit a machine. Or bring a copy back to life in a sandbox, and see what it does.',
  arguments: 'plan|sandbox ARCHIVE',
  count: [2, 2],
  options: {
    target: { type: 'string', value: 'FILE', summary: 'plan: the machine, as a row of icecore doctor --json or as docs/restore.md says' },
    here: { type: 'boolean', summary: 'plan: this machine' },
    json: { type: 'boolean', summary: 'as JSON' },
    ...evidenceOptions,
  },
  examples: [
    ['icecore restore plan capture.tar --target node.json', 'exit code 1 where it does not fit, with the reason'],
  ],
  async run({ arguments: [word = '', path = ''], options, terminal }) {
    if (word === 'plan') return tellPlan(path, { target: options.target, here: options.here === true, parents: options.parent, json: options.json === true }, terminal);
    throw new UsageError(`knows plan and sandbox, not ${word}`);
  },
});
