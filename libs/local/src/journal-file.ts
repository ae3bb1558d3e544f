import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Journal, StepResult } from '@icecore/states';
import { z } from 'zod';

const line = z.object({
  place: z.string(),
  result: z.union([z.strictObject({ output: z.json() }), z.strictObject({ error: z.string(), reason: z.string() })]),
});

/**
 * A journal in a file, a line a result, on disk before its step counts as done. What a writer that was killed left of a line is
 * cut off when the file is opened.
 */
export async function journalFile(path: string): Promise<Journal & AsyncDisposable> {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o600);
  const text = await file.readFile('utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await file.truncate(Buffer.byteLength(whole));
  const results = new Map<string, StepResult>(
    whole.split('\n').flatMap((each) => {
      if (each === '') return [];
      const { place, result } = line.parse(JSON.parse(each));
      return [[place, result] as const];
    }),
  );
  let last = Promise.resolve();
  return {
    read: async (place) => results.get(place),
    write(place, result) {
      last = last.then(async () => {
        await file.write(`${JSON.stringify({ place, result })}\n`);
        await file.datasync();
        results.set(place, result);
      });
      return last;
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}
