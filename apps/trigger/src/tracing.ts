import { type Context, context, isSpanContextValid, type Span, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';

const form = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Makes traces go to an OTLP endpoint, and gives what sends the last of them. The SDK is loaded only then. */
export async function startTracing(role: string, endpoint: string | undefined): Promise<() => Promise<void>> {
  if (endpoint === undefined) return async () => undefined;
  const { exportTraces } = await import('./otlp.ts');
  return exportTraces(role, endpoint);
}

/** The context of a `traceparent` (W3C Trace Context); that of nobody for anything else. */
export function contextOf(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = form.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return context.active();
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(parent) ? trace.setSpanContext(context.active(), parent) : context.active();
}

/** The `traceparent` of a span: what others continue. Where nothing traces, the parent's own is passed on. */
export function traceparentOf(span: Span, parent: string | undefined): string | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext();
  if (!isSpanContextValid({ traceId, spanId, traceFlags })) return form.test(parent ?? '') ? parent : undefined;
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** Runs work within a span that continues a `traceparent`. */
export async function traced<T>(name: string, parent: string | undefined, attributes: Readonly<Record<string, string | number>>, work: (span: Span) => Promise<T>): Promise<T> {
  const span = trace.getTracer('icecore').startSpan(name, { attributes }, contextOf(parent));
  try {
    return await work(span);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    span.end();
  }
}

/** A span of something that is over. */
export function tracedSince(name: string, parent: string | undefined, attributes: Readonly<Record<string, string | number>>, startedAt: number): void {
  trace.getTracer('icecore').startSpan(name, { attributes, startTime: startedAt }, contextOf(parent)).end();
}
