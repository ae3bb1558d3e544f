import { basename } from 'node:path';
import { formatBytes, visible } from '@icecore/bytes';
import type { LocalAnalysisOptions } from '@icecore/local';
import type { StepName } from '@icecore/pipeline';
import type { Terminal } from './terminal.ts';

/** The steps that a responder sees go by, in their order. */
const shownSteps = ['verify', 'inventory', 'decode', 'scan', 'detect', 'tables', 'publish'] as const satisfies readonly StepName[];
type ShownStep = (typeof shownSteps)[number];

/** Which archive of how many is at work. */
export interface ArchiveAtWork {
  readonly path: string;
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** Most characters of a name where there is little room: the end of a long one tells more than its beginning. */
const shortName = 30;

/**
 * A live view of the steps of an analysis, on one line of a screen; nothing elsewhere. What is tried again or taken up is told on a line of its own,
 * on a screen or not, for it says how far the result can be trusted to be complete.
 */
export function stepProgress({ path, number, of }: ArchiveAtWork, terminal: Pick<Terminal, 'progress' | 'note'>): Pick<LocalAnalysisOptions, 'onEvent' | 'onProgress' | 'onExpanding'> {
  const done = new Set<string>();
  const names = namesOf(path).map((name) => `${of === 1 ? '' : `${number}/${of} `}${name}`);
  let current: ShownStep | undefined;
  let detail = '';
  let resumed = false;
  const show = (): void => {
    const whole = shownSteps.map((step) => (done.has(step) ? `${step} ✓` : step === current ? `${step}${detail}` : `· ${step}`)).join('  ');
    const marks = shownSteps.map((step) => (done.has(step) ? '✓' : step === current ? ` ${step}${detail} ` : '·')).join('').trimEnd();
    terminal.progress(...names.map((name) => `${name}: ${whole}`), ...names.slice(1).map((name) => `${name}: ${marks}`));
  };
  return {
    onEvent(event) {
      const step = shownSteps.find((each) => event.place === each || event.place.startsWith(`${each}~`));
      if (event.kind === 'retried') terminal.note(`${path}: ${event.place} is tried again in ${event.delaySeconds.toFixed(1)} s: ${event.reason}`);
      else if (event.kind === 'resumed' && !resumed) {
        resumed = true;
        terminal.note(`${path}: an analysis of it was broken off and is taken up`);
      } else if (event.kind === 'items' && event.place === 'scan') detail = ` ${Math.floor((100 * event.done) / event.total)} %`;
      else if (event.kind === 'entered' && step !== undefined) [current, detail] = [step, ''];
      else if (event.kind === 'succeeded' && step !== undefined) done.add(step);
      show();
    },
    onProgress(step, amount, total) {
      if (step === 'verify') detail = ` ${formatBytes(amount)} of ${formatBytes(total)}`;
      show();
    },
    onExpanding(amount, total) {
      detail = `, decompressing, ${formatBytes(amount)} of ${formatBytes(total)}`;
      show();
    },
  };
}

/** The archive by its path, by its name, and by the end of its name, which are fewer and fewer characters. */
function namesOf(path: string): string[] {
  const [whole, name] = [visible(path), visible(basename(path))];
  return [whole, name, name.length > shortName ? `…${name.slice(1 - shortName)}` : name];
}
