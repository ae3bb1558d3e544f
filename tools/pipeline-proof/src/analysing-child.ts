/*
 * A program that analyses a sealed capture as `icecore analyze --vault` does, and kills itself on the way.
 * Usage: analysing-child VAULT KEY LAKE CAPTURE NOTICES [PLACE COUNT]. Once it has entered PLACE it kills itself when it begins to
 * wait for the COUNTth time. Says a line for each event, `KIND PLACE WAITS`, and appends a line to NOTICES for each notice.
 */
import { createHook } from 'node:async_hooks';
import { appendFileSync, writeSync } from 'node:fs';
import { analyzeLocally, signingKeyFile, vaultFolder } from '@icecore/local';
import { keyBytes, tool } from './ports.ts';

const [vault = '', key = '', lake = '', capture = '', notices = '', place, count] = process.argv.slice(2);

/** Waits since the last state was entered. */
let waits = 0;
let counting = place === undefined;
createHook({
  init(_, type) {
    if (type !== 'PROMISE') return;
    waits += 1;
    if (counting && waits === Number(count)) process.kill(process.pid, 'SIGKILL');
  },
}).enable();

try {
  await using analysis = await analyzeLocally({ kind: 'sealed', capture, version: null, parents: [] }, {
    lake, tenant: 'local', cluster: undefined, node: undefined, keyBytes, indicators: '', yaraFiles: [], tool, workers: 2,
    custody: { vault: vaultFolder(vault), folder: vault, signer: () => signingKeyFile(key) },
    notify: async (notice) => appendFileSync(notices, `${JSON.stringify(notice)}\n`),
    onEvent(event) {
      writeSync(1, `${event.kind} ${event.place} ${waits}\n`);
      if (event.kind !== 'entered') return;
      waits = 0;
      counting = place !== undefined && event.place === place;
    },
  });
  writeSync(1, `ended ${analysis.published.captureId} ${waits}\n`);
} catch (error) {
  writeSync(1, `ended failed ${waits}\n`);
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
process.exit(0);
