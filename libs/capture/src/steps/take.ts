import { isArchiveOf, parseArchiveName } from '../archive-name.ts';
import { type CheckpointOutcome, readKubeletReply, withDumpLog } from '../kubelet-answer.ts';
import { findingOfRefusal } from '../refusal.ts';
import type { CaptureStatus } from '../resource.ts';
import { end, next, type Step, type StepInput } from './step.ts';

/** How often the folder is looked at for an archive whose answer was lost, in milliseconds. */
const lookAgainMs = 500;

/** Has the kubelet take the checkpoint; where that may have been asked before a crash, looks for what came of it. */
export async function take(input: StepInput): Promise<Step> {
  const { capture, ports, fresh } = input;
  if (!fresh) return recover(input, 'icecore was started anew while the checkpoint was under way');
  const { namespace, pod, container } = capture.spec.target;
  const outcome = readKubeletReply(await ports.kubelet.checkpoint({ namespace, pod, container }, ports.limits.checkpointSeconds));
  if (outcome.kind === 'lost') return recover(input, outcome.message);
  if (outcome.kind === 'failed') return fail(input, outcome);
  const name = outcome.path.slice(outcome.path.lastIndexOf('/') + 1);
  if (parseArchiveName(name) === undefined) return end(input, 'failed', 'UnknownAnswer', `the kubelet named ${JSON.stringify(outcome.path.slice(0, 500))}, which is no archive’s name`);
  const there = (await ports.folder.list()).some((each) => each.name === name);
  if (!there) return end(input, 'failed', 'ArchiveMissing', `the kubelet wrote ${outcome.path}, and ${ports.folder.path} of this role has no ${name}: is it the same folder?`);
  return takenAs(input, name);
}

function takenAs(input: StepInput, name: string): Step {
  const takenAt = (parseArchiveName(name)?.takenAt ?? new Date(input.ports.now())).toISOString();
  return next(input, 'hashing', { archive: { name, takenAt } }, ['Checkpointed', true, 'Taken', name]);
}

/** An archive that this call left and no other capture has; else waits until the kubelet must be done with it. */
async function recover(input: StepInput, why: string): Promise<Step> {
  const { capture, ports } = input;
  const begun = Date.parse(capture.status.attempts?.at(-1)?.startedAt ?? new Date(ports.now()).toISOString());
  const { checkpointSeconds, graceSeconds } = ports.limits;
  const limitMs = (checkpointSeconds + graceSeconds) * 1000;
  // A clock that went back since then dates the archive before its beginning, and would have it waited for until it is that late again.
  const wentBack = ports.now() < begun;
  const since = new Date(wentBack ? ports.now() - limitMs : begun);
  const claimed = new Set([...ports.store.known()].filter(({ metadata }) => metadata.name !== capture.metadata.name).flatMap(({ status, spec }) => [status.archive?.name, spec.found]));
  const candidates = (await ports.folder.list()).filter(({ name }) => isArchiveOf(name, capture.spec.target, since) && !claimed.has(name));
  for (const { name } of candidates) if (await ports.folder.isWhole(name)) return takenAs(input, name);
  const watchedMs = input.tries * lookAgainMs;
  const waitedMs = wentBack ? watchedMs : ports.now() - begun;
  // One that is there may be about to be whole, whatever the clock says of the time since the call.
  if (waitedMs < limitMs || (candidates.length > 0 && watchedMs < graceSeconds * 1000)) return { kind: 'wait', ms: lookAgainMs };
  return again(input, 'AnswerLost', `no answer of the kubelet and no archive within ${checkpointSeconds + graceSeconds} s: ${why}`);
}

async function fail(input: StepInput, failed: Extract<CheckpointOutcome, { kind: 'failed' }>): Promise<Step> {
  const log = failed.dumpLogPath === undefined ? undefined : await input.ports.folder.dumpLog(failed.dumpLogPath);
  const read = withDumpLog(failed, log);
  const told = read.kind === 'failed' ? read : failed;
  if (told.again) return again(input, told.reason, told.message);
  const ended = end(input, 'failed', told.reason, told.message);
  const refused = told.reason === 'CriuRefused' || told.reason === 'TcpEstablished';
  return refused && ended.kind === 'next' ? { ...ended, status: { ...ended.status, finding: findingOfRefusal(told.refusal, told.message) } } : ended;
}

/** Another try, later; the last one's reason is the capture's. */
function again(input: StepInput, reason: string, message: string): Step {
  const { capture, ports } = input;
  const attempts = named(capture.status, reason);
  if (attempts.length >= ports.limits.maxAttempts) return end(input, 'failed', reason, `${message} (tried ${attempts.length} times)`);
  const [first, longest] = ports.limits.backoffMs;
  const retryAt = new Date(ports.now() + Math.min(longest, first * 4 ** (attempts.length - 1))).toISOString();
  return next(input, 'checking', { attempts, retryAt, reason, message: message.slice(0, 4000) }, ['Checkpointed', false, reason, message]);
}

function named(status: CaptureStatus, reason: string): NonNullable<CaptureStatus['attempts']> {
  const attempts = status.attempts ?? [];
  return attempts.map((attempt, i) => (i === attempts.length - 1 ? { ...attempt, reason } : attempt));
}
