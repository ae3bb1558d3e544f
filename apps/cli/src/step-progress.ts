import { formatBytes } from '@icecore/bytes';
import type { LocalAnalysisOptions } from '@icecore/local';
import type { StepName } from '@icecore/pipeline';
import type { Terminal } from './terminal.ts';

/** The steps that a responder sees go by, in their order. */
const shownSteps = ['verify', 'inventory', 'decode', 'scan', 'detect', 'tables', 'publish'] as const satisfies readonly StepName[];
type ShownStep = (typeof shownSteps)[number];

/**
 * A live view of the steps of an analysis, on one line of a screen; nothing elsewhere. What is tried again or taken up is told on a line of its own,
 * on a screen or not, for it says how far the result can be trusted to be complete.
 */
export function stepProgress(path: string, terminal: Terminal): Pick<LocalAnalysisOptions, 'onEvent' | 'onProgress' | 'onExpanding'> {
  const done = new Set<string>();
  let current: ShownStep | undefined;
  let detail = '';
  let resumed = false;
  const show = (): void => {
    const steps = shownSteps.map((step) => (done.has(step) ? `${step} ✓` : step === current ? `${step}${detail}` : `· ${step}`));
    terminal.progress(`${path}: ${steps.join('  ')}`);
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
