import { z } from 'zod';
import { RegistryError } from './errors.ts';
import { readBounded } from './send.ts';

const errors = z.object({ errors: z.array(z.object({ code: z.string().optional(), message: z.string().optional() })).max(100) });

/** The error that an answer stands for, with the registry's own words (distribution-spec, "Error codes"). */
export async function failureOf(what: string, response: Response): Promise<RegistryError> {
  const text = await readBounded(response);
  const parsed = errors.safeParse(parsedJson(text));
  const words = parsed.success ? parsed.data.errors.map(({ code, message }) => message ?? code ?? '').filter((each) => each !== '').join('; ') : '';
  const code = response.status === 401 || response.status === 403 ? 'refused' : 'unexpected';
  return new RegistryError(code, `${what}: HTTP ${response.status}${words === '' ? '' : `, ${words.slice(0, 300)}`}`);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
