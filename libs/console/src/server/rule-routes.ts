import { Hono } from 'hono';
import type { RuleScanLine } from '../contract/rules.ts';
import type { ConsoleContext } from './context.ts';
import { ruleRequest } from './requests.ts';
import { compiledRules, reachOf, scanCaptures } from './rules.ts';

/** Lines of progress are gathered until so many milliseconds have passed. */
const everyMilliseconds = 100;

/** YARA rules over the evidence: what they would read, and what they find. */
export function ruleRoutes(context: ConsoleContext): Hono {
  const routes = new Hono();
  routes.get('/rules/reach', async (c) => c.json(await reachOf(context, c.req.raw.signal)));
  routes.post('/rules/scan', async (c) => {
    const { rule, captures } = ruleRequest.parse(await c.req.json());
    const rules = compiledRules(rule);
    const ended = new AbortController();
    c.req.raw.signal.addEventListener('abort', () => ended.abort());
    const lines = scanCaptures(context, rules, captures, ended.signal);
    c.header('Content-Type', 'application/x-ndjson');
    return c.body(streamOf(lines, ended, context.onDefect));
  });
  return routes;
}

/** The lines as they come; who stops reading ends the scan. */
function streamOf(lines: AsyncGenerator<RuleScanLine>, ended: AbortController, onDefect: (error: Error) => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const text = (line: RuleScanLine): string => `${JSON.stringify(line)}\n`;
  return new ReadableStream({
    async pull(stream) {
      let progress = 0;
      let gathered = '';
      const since = performance.now();
      const send = (): void => {
        if (progress > 0) gathered += text({ kind: 'progress', bytes: progress });
        if (gathered !== '') stream.enqueue(encoder.encode(gathered));
      };
      try {
        while (performance.now() - since < everyMilliseconds) {
          const { value, done } = await lines.next();
          if (done === true) {
            send();
            stream.close();
            return;
          }
          if (value.kind === 'progress') progress += value.bytes;
          else gathered += text(value);
        }
        send();
      } catch (error) {
        if (ended.signal.aborted) return stream.close();
        onDefect(error instanceof Error ? error : new Error(String(error)));
        stream.enqueue(encoder.encode(text({ kind: 'failed', message: 'A defect of icecore, not of the evidence; the terminal of icecore serve tells more.' })));
        stream.close();
      }
    },
    cancel: () => ended.abort(),
  });
}
