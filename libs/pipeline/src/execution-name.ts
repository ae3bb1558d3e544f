import { createHash } from 'node:crypto';

/**
 * Name of the execution that analyses a capture: the same for the same version of the same object, the same decoder and the same
 * choices, so that an event that comes twice starts nothing twice. `choices` are what else the result depends on.
 */
export function executionName({ subject, version, decoder, choices = [] }: { readonly subject: string; readonly version: string; readonly decoder: string; readonly choices?: readonly string[] }): string {
  const id = createHash('sha256').update(JSON.stringify([subject, version, decoder, ...choices])).digest('hex').slice(0, 32);
  const word = (subject.split('/').findLast((part) => part !== '') ?? '').replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 40);
  return `${word}-${id}`;
}
