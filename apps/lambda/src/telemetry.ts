import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { redact, secretKey } from '@icecore/secrets';

export const logger = new Logger({ serviceName: 'icecore' });
const metrics = new Metrics({ namespace: 'icecore', serviceName: 'icecore' });
const tracer = new Tracer({ serviceName: 'icecore' });

/** Marks in logs are made by a key that ends with the process: a log tells no secret, nor which of two are the same. */
const logKey = secretKey(crypto.getRandomValues(new Uint8Array(32)));

/** The text as it may be logged and told to Step Functions, whose history many may read. */
export function tellable(text: string): string {
  return redact(text, logKey);
}

/** Runs the work of a function with a trace of its own, a log line at its end, and metrics of its time and its outcome. */
export async function observed<T>(name: string, about: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const parent = tracer.isTracingEnabled() ? tracer.getSegment() : undefined;
  const segment = parent?.addNewSubsegment(`## ${name}`);
  if (segment !== undefined) tracer.setSegment(segment);
  metrics.addDimension('step', name);
  try {
    const result = await work();
    logger.info(`${name} is done`, { ...about, milliseconds: Math.round(performance.now() - begun) });
    metrics.addMetric('succeeded', MetricUnit.Count, 1);
    return result;
  } catch (error) {
    const [kind, reason] = error instanceof Error ? [error.name, tellable(error.message)] : ['Error', 'unknown'];
    logger.error(`${name} failed`, { ...about, error: kind, reason, milliseconds: Math.round(performance.now() - begun) });
    metrics.addMetric(kind === 'BadInput' ? 'quarantined' : 'failed', MetricUnit.Count, 1);
    throw error;
  } finally {
    metrics.addMetric('milliseconds', MetricUnit.Milliseconds, performance.now() - begun);
    metrics.publishStoredMetrics();
    segment?.close();
    if (parent !== undefined) tracer.setSegment(parent);
  }
}
