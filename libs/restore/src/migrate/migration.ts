/** The steps of a migration, in order. Up to `stop` the source runs on, and everything can be taken back. */
export const migrationSteps = ['capture', 'image', 'restore', 'health', 'stop'] as const;
export type MigrationStep = (typeof migrationSteps)[number];

/**
 * What a migration does to the world. Every call may be made again, and may fail before or after it has done what it does.
 * `Capture` names the archive, `Image` the image that was made of it.
 */
export interface MigrationPorts<Capture, Image> {
  /** Captures the source, which runs on. */
  capture(): Promise<Capture>;
  /** Makes an image of the capture, where the target can get it. */
  image(capture: Capture): Promise<Image>;
  /** Starts the copy under its name, which is known beforehand, so that a copy whose start was not heard of can be found. */
  restore(image: Image): Promise<void>;
  /** Whether the copy does what the source did. Asked until it is, or the time is over. */
  isHealthy(): Promise<boolean>;
  /** What was wrong when `isHealthy` was last false, in words, where that is known. */
  whyNotWell?(): string | undefined;
  stopSource(): Promise<void>;
  isSourceRunning(): Promise<boolean>;
  /** Takes the copy away, if there is one. */
  removeCopy(): Promise<void>;
}

export interface MigrationOptions {
  /** How often health is asked before the copy is given up. */
  readonly healthAttempts: number;
  /** How often a call that decides which one runs is made before that is given up. */
  readonly attempts: number;
  /** Waits before the next attempt. */
  readonly pause: (attempt: number) => Promise<void>;
  readonly onStep?: (step: MigrationStep | 'roll back') => void;
}

/** How a migration ended. In the first two exactly one of source and copy runs. */
export type MigrationOutcome =
  | { readonly kind: 'moved' }
  /** The source runs, and there is no copy. */
  | { readonly kind: 'rolled_back'; readonly failedAt: MigrationStep; readonly reason: string }
  /** Nobody answered when it was asked what runs: a person has to look. `mayRun` says what may. */
  | { readonly kind: 'undecided'; readonly failedAt: MigrationStep; readonly reason: string; readonly mayRun: 'source and copy' | 'copy, and perhaps the source' };

/** Moves a container: the copy must be well before the source is stopped, and what fails is taken back. Never rejects. */
export async function migrate<Capture, Image>(ports: MigrationPorts<Capture, Image>, options: MigrationOptions): Promise<MigrationOutcome> {
  const { onStep } = options;
  let step = migrationSteps[0] as MigrationStep;
  const begin = (next: MigrationStep): void => {
    step = next;
    onStep?.(next);
  };
  try {
    begin('capture');
    const capture = await ports.capture();
    begin('image');
    const image = await ports.image(capture);
    begin('restore');
    await ports.restore(image);
    begin('health');
    if (!(await becomesHealthy(ports, options))) throw new Error(['the copy is not well in the time that it was given', ports.whyNotWell?.()].filter((each) => each !== undefined).join(': '));
  } catch (error) {
    // Before the restore there is no copy; a container of its name is somebody else's.
    if (step === 'capture' || step === 'image') return { kind: 'rolled_back', failedAt: step, reason: textOf(error) };
    return takeBack(ports, step, textOf(error), options);
  }
  begin('stop');
  return stop(ports, options);
}

async function becomesHealthy(ports: Pick<MigrationPorts<never, never>, 'isHealthy'>, { healthAttempts, pause }: MigrationOptions): Promise<boolean> {
  for (let attempt = 1; attempt <= healthAttempts; attempt++) {
    // A question that fails is no answer, and not a bad one.
    if (await ports.isHealthy().catch(() => false)) return true;
    if (attempt < healthAttempts) await pause(attempt);
  }
  return false;
}

/** Stops the source. Whether it stopped is asked and not believed: a call that failed may have done it, and one that did not may not have. */
async function stop(ports: Pick<MigrationPorts<never, never>, 'stopSource' | 'isSourceRunning' | 'removeCopy'>, options: MigrationOptions): Promise<MigrationOutcome> {
  let reason = 'the source runs on though it was stopped';
  for (let attempt = 1; attempt <= options.attempts; attempt++) {
    await ports.stopSource().catch((error: unknown) => (reason = textOf(error)));
    const running = await answered(() => ports.isSourceRunning(), options);
    if (running === undefined) return { kind: 'undecided', failedAt: 'stop', reason: `whether the source runs cannot be seen; ${reason}`, mayRun: 'copy, and perhaps the source' };
    if (!running) return { kind: 'moved' };
    if (attempt < options.attempts) await options.pause(attempt);
  }
  return takeBack(ports, 'stop', reason, options);
}

/** Takes the copy away, of whose start may not have been heard. The source was not touched, or runs on. */
async function takeBack(ports: Pick<MigrationPorts<never, never>, 'removeCopy'>, failedAt: MigrationStep, reason: string, options: MigrationOptions): Promise<MigrationOutcome> {
  options.onStep?.('roll back');
  const removed = await answered(() => ports.removeCopy().then(() => true), options);
  if (removed === true) return { kind: 'rolled_back', failedAt, reason };
  return { kind: 'undecided', failedAt, reason: `${reason}; and the copy cannot be taken away`, mayRun: 'source and copy' };
}

/** What a call gives, asked several times; undefined where it fails each time. */
async function answered<T>(call: () => Promise<T>, { attempts, pause }: MigrationOptions): Promise<T | undefined> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      return await call();
    } catch {
      if (attempt < attempts) await pause(attempt);
    }
  }
  return undefined;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
