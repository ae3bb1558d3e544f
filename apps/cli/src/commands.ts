import type { Command } from './command.ts';

/** Every command by name. Loaded one at a time, so that a command starts without the others' code. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  show: async () => (await import('./commands/show.ts')).show,
  analyze: async () => (await import('./commands/analyze.ts')).analyze,
  findings: async () => (await import('./commands/findings.ts')).findings,
  reveal: async () => (await import('./commands/reveal.ts')).reveal,
  hunt: async () => (await import('./commands/hunt.ts')).hunt,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  query: async () => (await import('./commands/query.ts')).query,
  search: async () => (await import('./commands/search.ts')).search,
  memory: async () => (await import('./commands/memory.ts')).memory,
  extract: async () => (await import('./commands/extract.ts')).extract,
  core: async () => (await import('./commands/core.ts')).core,
  diff: async () => (await import('./commands/diff.ts')).diff,
  decode: async () => (await import('./commands/decode.ts')).decode,
  encode: async () => (await import('./commands/encode.ts')).encode,
  list: async () => (await import('./commands/list.ts')).list,
  seal: async () => (await import('./commands/seal.ts')).seal,
  verify: async () => (await import('./commands/verify.ts')).verify,
  evidence: async () => (await import('./commands/evidence.ts')).evidence,
  image: async () => (await import('./commands/image.ts')).image,
  restore: async () => (await import('./commands/restore.ts')).restore,
  migrate: async () => (await import('./commands/migrate.ts')).migrateCommand,
  redact: async () => (await import('./commands/redact.ts')).redactCommand,
  completion: async () => (await import('./commands/completion.ts')).completion,
};
