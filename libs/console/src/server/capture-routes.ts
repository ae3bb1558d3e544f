import { Hono } from 'hono';
import type { ConsoleContext } from './context.ts';

/** Answers about one capture. */
export function captureRoutes(_context: ConsoleContext): Hono {
  return new Hono();
}
