import { z } from 'zod';
import { RegistryError } from './errors.ts';
import { readBounded } from './send.ts';

const errors = z.object({ errors: z.array(z.object({ code: z.string().optional(), message: z.string().optional() })).max(100) });

/** The error that an answer stands for, with the registry's own words (distribution-spec, "Error codes"). */
export async function failureOf(what: string, response: Response): Promise<RegistryError & { readonly told: readonly string[] }> {
  const parsed = errors.safeParse(parsedJson(await readBounded(response)));
  const told = parsed.success ? parsed.data.errors : [];
  const words = told.map(({ code, message }) => message ?? code ?? '').filter((each) => each !== '').join('; ');
  const code = response.status === 401 || response.status === 403 ? 'refused' : 'unexpected';
  const error = new RegistryError(code, `${what}: HTTP ${response.status}${words === '' ? '' : `, ${words.slice(0, 300)}`}`);
  return Object.assign(error, { told: told.flatMap((each) => each.code ?? []) });
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
