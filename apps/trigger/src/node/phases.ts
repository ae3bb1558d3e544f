import { type Capture, isFinal, type OnPhase, traceAnnotation } from '@icecore/capture';
import type { Logger } from '../logger.ts';
import { tracedSince } from '../tracing.ts';
import type { NodeMetrics } from './metrics.ts';

/** Tells of each phase that a capture reaches, to metrics, traces and the log. */
export function phaseTeller(metrics: NodeMetrics, log: Logger, onFailed: () => void): OnPhase {
  const begun = new Map<string, number>();
  return (capture: Capture, before) => {
    const { name, annotations = {} } = capture.metadata;
    const { phase, reason, message, archive, finding } = capture.status;
    const now = Date.now();
    const since = begun.get(name) ?? now;
    begun.set(name, now);
    metrics.phaseSeconds.observe({ phase: before }, (now - since) / 1000);
    tracedSince(before, annotations[traceAnnotation], { 'icecore.capture': name, 'icecore.next': phase }, since);
    log.info({ capture: name, phase, before, reason, message }, 'phase');
    if (!isFinal(phase)) return;
    begun.delete(name);
    metrics.finished.inc({ phase, reason: reason ?? phase });
    if (finding !== undefined) log.warn({ capture: name, subject: capture.spec.subject, finding }, 'finding');
    if (phase === 'failed') onFailed();
    if (phase === 'sealed') metrics.archiveBytes.inc(archive?.bytes ?? 0);
  };
}
