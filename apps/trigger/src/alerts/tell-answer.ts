import type { Alert } from '@icecore/alerts';
import type { AlertAnswer } from '@icecore/capture';
import type { Logger } from '../logger.ts';
import type { AlertMetrics } from './metrics.ts';

/** Counts an answer and logs it, with the condition that did not hold where nothing is captured. */
export function tellAnswer({ source, rule }: Pick<Alert, 'source' | 'rule'>, answer: AlertAnswer, metrics: AlertMetrics, log: Logger): void {
  const { alert, outcome, captures, reasons } = answer;
  metrics.alerts.inc({ source, outcome });
  metrics.captures.inc(captures.length);
  log.info({ alert, source, rule, outcome, captures, why: reasons.find(({ holds }) => !holds)?.says }, 'alert');
}
