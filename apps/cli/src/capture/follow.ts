import { setTimeout as sleep } from 'node:timers/promises';
import { type Capture, type CaptureStore, isFinal } from '@icecore/capture';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { captureJson, printPhase, printWanted } from '../render/capture.ts';
import type { Terminal } from '../terminal.ts';

/** How often a capture is looked at, in milliseconds. */
const lookAgainMs = 300;
/** How long a capture may be left lying before it is said that nobody takes it on, in milliseconds. */
const untakenMs = 15_000;

/** Shows each capture's phases until all have ended. Ends with 1 where one was not sealed. */
export async function followCaptures(store: Pick<CaptureStore, 'get'>, names: readonly string[], json: boolean, terminal: Terminal): Promise<ExitCode> {
  const codes = await Promise.all(names.map((name) => follow(store, name, names.length > 1, json, terminal)));
  return codes.every((sealed) => sealed) ? exitCodes.done : exitCodes.no;
}

/** True where it was sealed. */
async function follow(store: Pick<CaptureStore, 'get'>, name: string, several: boolean, json: boolean, terminal: Terminal): Promise<boolean> {
  let before: Capture | undefined;
  let told = false;
  for (const begun = Date.now(); ; await sleep(lookAgainMs)) {
    const capture = await store.get(name);
    if (capture === undefined) {
      terminal.note(`icecore capture: ${name} was deleted`);
      return false;
    }
    if (!json && before === undefined) await printWanted(capture, terminal);
    const { phase, reason } = capture.status;
    if (!json && (before?.status.phase !== phase || before.status.reason !== reason)) await printPhase(capture, several, terminal);
    before = capture;
    if (isFinal(phase)) {
      if (json) await terminal.json(captureJson(capture));
      return phase === 'sealed';
    }
    const { notBefore, target } = capture.spec;
    if (told || phase !== 'pending' || notBefore !== undefined || Date.now() - begun < untakenMs) continue;
    told = true;
    terminal.note(`icecore capture: nobody takes ${name} on; icecore doctor ${target.node} tells what the node lacks. It waits there, whether this command does or not`);
  }
}
