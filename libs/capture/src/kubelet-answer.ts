import { type DumpRefusal, readDumpLog } from './dump-log.ts';

/** What came of a call to the kubelet, before its meaning is read. */
export type KubeletReply =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** Nothing was asked: no connection, or one that was not trusted. */
  | { readonly kind: 'unreachable'; readonly message: string }
  /** It was asked and the answer did not come: a checkpoint may be under way, or done. */
  | { readonly kind: 'lost'; readonly message: string };

/** One word for why a checkpoint could not be taken. */
export type CheckpointFault =
  | 'PodNotFound' | 'ContainerNotFound' | 'ContainerNotRunning' | 'CheckpointGateOff' | 'CriuMissing' | 'TcpEstablished' | 'CriuRefused' | 'RuntimeFailed'
  | 'CheckpointsCollided' | 'NotAuthenticated' | 'NotPermitted' | 'NodeUnknown' | 'AddressNotAllowed' | 'KubeletUnreachable' | 'BadRequest' | 'UnknownAnswer';

/** The meaning of a reply. */
export type CheckpointOutcome =
  | { readonly kind: 'taken'; readonly path: string }
  | { readonly kind: 'failed'; readonly reason: CheckpointFault; readonly message: string; readonly again: boolean; readonly dumpLogPath: string | undefined; readonly refusal: DumpRefusal | undefined }
  | { readonly kind: 'lost'; readonly message: string };

interface Reading {
  readonly status: number | undefined;
  readonly pattern: RegExp;
  readonly reason: CheckpointFault;
  readonly words: string;
  /** Another try may go otherwise. */
  readonly again?: true;
}

/** Bodies as kubelets and API servers of 1.36 write them, the most particular first. */
const readings: readonly Reading[] = [
  { status: 404, pattern: /^pod does not exist$/, reason: 'PodNotFound', words: 'the node has no such pod' },
  { status: 404, pattern: /^container \S+ does not exist$/, reason: 'ContainerNotFound', words: 'the pod has no such container' },
  { status: 404, pattern: /^404 page not found\n?$/, reason: 'CheckpointGateOff', words: 'the kubelet does not take checkpoints: switch on its feature gate ContainerCheckpoint' },
  { status: 404, pattern: /^404: Page Not Found/, reason: 'BadRequest', words: 'the kubelet does not know the path of the request' },
  { status: 404, pattern: /^cannot parse value of timeout parameter/, reason: 'BadRequest', words: 'the kubelet cannot read the time limit' },
  { status: 404, pattern: /^nodes? "[^"]*" not found/, reason: 'NodeUnknown', words: 'the cluster has no such node' },
  { status: 405, pattern: /Method Not Allowed/, reason: 'BadRequest', words: 'the kubelet wants a POST' },
  { status: 401, pattern: /Unauthorized/, reason: 'NotAuthenticated', words: 'the kubelet does not accept the token: check --authentication-token-webhook and the service account', again: true },
  { status: 403, pattern: /resource "nodes\/proxy"/, reason: 'NotPermitted', words: 'the service account may not create nodes/proxy, which the way through the API server needs' },
  { status: 403, pattern: /Forbidden|forbidden/, reason: 'NotPermitted', words: 'the service account may not create nodes/checkpoint' },
  { status: 400, pattern: /address not allowed/, reason: 'AddressNotAllowed', words: 'the API server does not reach kubelets on a loopback address: call the kubelet itself' },
  { status: 503, pattern: /error trying to reach service: dial tcp/, reason: 'KubeletUnreachable', words: 'the API server cannot reach the kubelet', again: true },
  { status: 500, pattern: /CheckpointContainer requires the timeout value to be > 0/, reason: 'BadRequest', words: 'the time limit must be above 0' },
  { status: 500, pattern: /\(container \S+ not found\)/, reason: 'ContainerNotRunning', words: 'the container does not run: it has ended, was never started, or is an init container that is done' },
  { status: 500, pattern: /CRIU binary not found or too old|failed to check for criu version|"criu": executable file not found/, reason: 'CriuMissing', words: 'the node has no CRIU, or one that is too old: install CRIU 3.16 or newer' },
  { status: 500, pattern: /ctrd-checkpoint\/\S+: no such file or directory|failed to pause container .*(?:not running|paused)/s, reason: 'CheckpointsCollided', words: 'another checkpoint of the same container ran at the same time', again: true },
  { status: 500, pattern: /unknown method CheckpointContainer|code = Unimplemented/, reason: 'RuntimeFailed', words: 'the container runtime cannot take checkpoints: containerd 2.0 or CRI-O with enable_criu_support can' },
];

/** Answers after which the runtime may still be at work. */
function leavesOpen(status: number, body: string): boolean {
  if (status === 502 || status === 504) return true;
  if (status === 503) return body.includes('error trying to reach service') && !body.includes('dial tcp');
  return status === 500 && /DeadlineExceeded|context deadline exceeded|context canceled/.test(body);
}

/** Reads what the kubelet, or the API server before it, answered. */
export function readKubeletReply(reply: KubeletReply): CheckpointOutcome {
  if (reply.kind === 'lost') return reply;
  if (reply.kind === 'unreachable') return failed('KubeletUnreachable', `the kubelet cannot be reached: ${reply.message}`, true);
  const { status } = reply;
  if (status === 200) return taken(reply.body);
  const body = statusMessage(reply.body) ?? reply.body;
  if (leavesOpen(status, body)) return { kind: 'lost', message: oneLine(body) };
  const known = readings.find((each) => each.status === status && each.pattern.test(body));
  if (known !== undefined) return failed(known.reason, known.words, known.again === true);
  if (status === 500 && /criu|dump\.log/i.test(body)) return readCriuFailure(body);
  if (status === 500) return failed('RuntimeFailed', `the container runtime could not take the checkpoint: ${oneLine(body)}`, true);
  return failed('UnknownAnswer', `the kubelet answered ${status}: ${oneLine(body)}`, status >= 500 || status === 429);
}

/** The words of a log that was found on the node, where the kubelet's answer had named only its path. */
export function withDumpLog(outcome: CheckpointOutcome, log: string | undefined): CheckpointOutcome {
  if (outcome.kind !== 'failed' || log === undefined) return outcome;
  const refusal = readDumpLog(log);
  if (refusal === undefined) return outcome;
  return { ...outcome, reason: refusal.reason === 'tcp_established' ? 'TcpEstablished' : 'CriuRefused', message: `CRIU gave up: ${refusal.words}; ${refusal.remedy} (${refusal.line})`, again: false, refusal };
}

function taken(body: string): CheckpointOutcome {
  const path = firstItem(body);
  return path === undefined ? { kind: 'lost', message: `the kubelet answered 200 and named no archive: ${oneLine(body)}` } : { kind: 'taken', path };
}

function firstItem(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || !('items' in value) || !Array.isArray(value.items)) return undefined;
    const first: unknown = value.items[0];
    return typeof first === 'string' && first !== '' ? first : undefined;
  } catch {
    return undefined;
  }
}

/** The message of a Status, in which the API server says what is its own; undefined for any other answer. */
function statusMessage(body: string): string | undefined {
  if (!body.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string' ? value.message : undefined;
  } catch {
    return undefined;
  }
}

/** CRI-O quotes the log within the answer; containerd names only where it lies. */
function readCriuFailure(body: string): CheckpointOutcome {
  const dumpLogPath = /path= ?(\/[^\s"')]+\.log)/.exec(body)?.[1] ?? /Quoting \\?"(\/[^"\\]+)/.exec(body)?.[1];
  const base = { ...failed('CriuRefused', `CRIU gave up: ${oneLine(body)}`, false), dumpLogPath };
  const quoted = /Error \(/.test(body) ? withDumpLog(base, body) : base;
  return quoted.kind === 'failed' ? { ...quoted, dumpLogPath } : quoted;
}

function failed(reason: CheckpointFault, message: string, again: boolean): Extract<CheckpointOutcome, { kind: 'failed' }> {
  return { kind: 'failed', reason, message, again, dumpLogPath: undefined, refusal: undefined };
}

function oneLine(body: string): string {
  const flat = body.replaceAll(/\s+/g, ' ').trim();
  return flat.length > 600 ? `${flat.slice(0, 600)}…` : flat;
}
