import { spawn } from 'node:child_process';
import type { GateStep } from '@icecore/aws/s3-gate';
import { phases, type SealingPhase } from './sealing-child.test-support.ts';

/** When a child is killed: as it begins to wait for the nth time in a phase; so many milliseconds after a phase began; at the nth step of its requests. */
export type Kill = { readonly phase: SealingPhase; readonly atWait: number } | { readonly phase: SealingPhase; readonly afterMs: number } | { readonly atStep: number };

/** A child's run. */
export interface Ran {
  readonly killed: boolean;
  /** The phase in which it ended; undefined before the first. */
  readonly phase: SealingPhase | undefined;
  /** How long each phase took, and how often it waited in it; only of a run that ended by itself. */
  readonly ms: Readonly<Record<SealingPhase, number>>;
  readonly waits: Readonly<Record<SealingPhase, number>>;
  /** Steps of its requests. */
  readonly steps: readonly string[];
}

const none: Readonly<Record<SealingPhase, number>> = { hashing: 0, storing: 0, settling: 0, recording: 0 };

/** Tells the steps of the requests to whoever runs the child that sends them, by the vault in their path. */
export function stepListeners(): { readonly onStep: (path: string, operation: string, step: GateStep) => void; listen(part: string, take: (step: string) => void): () => void } {
  const listeners = new Map<string, (step: string) => void>();
  return {
    onStep(path, operation, step) {
      for (const [part, take] of listeners) if (path.includes(part)) take(`${operation} ${step}`);
    },
    listen(part, take) {
      listeners.set(part, take);
      return () => void listeners.delete(part);
    },
  };
}

/** Runs the sealing program, and kills it. */
export async function sealAndKill(command: readonly string[], env: NodeJS.ProcessEnv, kill: Kill | undefined, listen: (take: (step: string) => void) => () => void): Promise<Ran> {
  const words = kill !== undefined && 'atWait' in kill ? [kill.phase, String(kill.atWait)] : [];
  const program = spawn(process.execPath, [...command, ...words], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...env, NODE_OPTIONS: '--no-warnings' } });
  const began: [SealingPhase, number][] = [];
  const steps: string[] = [];
  let [said, rest] = ['', ''];
  let timer: NodeJS.Timeout | undefined;
  const deaf = listen((step) => {
    if (steps.push(step) === (kill !== undefined && 'atStep' in kill ? kill.atStep : undefined)) program.kill('SIGKILL');
  });
  program.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const phase = phases.find((each) => each === line);
      if (phase === undefined) said = line;
      else began.push([phase, performance.now()]);
      if (phase !== undefined && kill !== undefined && 'afterMs' in kill && kill.phase === phase) timer = setTimeout(() => program.kill('SIGKILL'), kill.afterMs);
    }
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => program.once('close', (...ended) => resolve(ended)));
  const end = performance.now();
  clearTimeout(timer);
  deaf();
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the sealing program ended with ${code ?? signal}`);
  const ms = Object.fromEntries(phases.map((phase) => [phase, tookIn(phase, began, end)]));
  return { killed: code !== 0, phase: began.at(-1)?.[0], ms: { ...none, ...ms }, waits: said === '' ? none : JSON.parse(said), steps };
}

function tookIn(phase: SealingPhase, began: readonly [SealingPhase, number][], end: number): number {
  const i = began.findIndex(([name]) => name === phase);
  return i < 0 ? 0 : (began[i + 1]?.[1] ?? end) - (began[i]?.[1] ?? end);
}
