import { type Logger, pino } from 'pino';

export type { Logger };

/** JSON lines on standard output. What could carry a secret is never given to it; these fields are struck should one be. */
export function logger(role: string, level: string): Logger {
  return pino({
    level,
    base: { role },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ['authorization', '*.authorization', 'token', '*.token', 'headers', '*.headers', 'body', '*.body'], censor: '[removed]' },
    serializers: { error: (error: unknown) => (error instanceof Error ? { name: error.name, message: error.message.slice(0, 2000) } : String(error)) },
  });
}
