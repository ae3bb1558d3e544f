import { isDamageError } from '@icecore/bytes';
import { yaraRules } from '@icecore/local';
import { type Block, blockBytes, marginBytes, planScan, type ScanPlan, type YaraEngine, type YaraMatch, YaraRuleError, YaraScanError } from '@icecore/scan';
import { maskBytes } from '@icecore/secrets';
import { captureName } from '../contract/container-name.ts';
import type { RuleHit, RuleReach, RuleScanLine } from '../contract/rules.ts';
import { recordsOf } from './answer.ts';
import { type ConsoleContext, evidenceOf } from './context.ts';
import { RequestError } from './errors.ts';
import { address } from './memory.ts';
import type { OpenedEvidence } from './shelf.ts';

/** Most captures that a rule is asked of at once, the newest first. */
const maxCaptures = 500;
/** Most places that one capture gives, and all of them together. */
const maxCaptureHits = 500;
const maxHits = 5000;
/** Longest that the rules may take on a mebibyte, in milliseconds: the console answers nobody meanwhile. */
const maxBlockMilliseconds = 5000;
/** Bytes on either side of a match that are looked at for secrets, and that are shown. */
const aroundBytes = 4096;
const shownBefore = 16;
const shownAfter = 64;

/** Compiles what a person wrote or pasted. It may not read files of this machine. */
export function compiledRules(text: string): YaraEngine {
  if (/^\s*include\b/m.test(text.replaceAll(/\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"/g, ' '))) throw new RequestError('refused', 'A rule here may not include files: put all of it in.');
  try {
    return yaraRules([{ file: 'rule', text }], maxBlockMilliseconds);
  } catch (error) {
    if (error instanceof YaraRuleError) throw new RequestError('refused', `The rule cannot be used: ${error.message.replace(/^rule(?=:)/, 'line')}.`);
    throw error;
  }
}

/** What rules would be applied to, before they are: how much memory the captures hold, and whose bytes are at hand. */
export async function reachOf(context: ConsoleContext, signal: AbortSignal): Promise<RuleReach> {
  const rows = recordsOf(await context.lake.query(
    `SELECT capture_id, namespace, pod, container, archive_sha256, archive_name, archive_bytes, page_bytes FROM captures ORDER BY captured_at DESC NULLS LAST, capture_id FETCH FIRST ${maxCaptures + 1} ROWS ONLY`, [], { signal },
  ));
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const captures: RuleReach['captures'][number][] = [];
  for (const row of rows.slice(0, maxCaptures)) {
    signal.throwIfAborted();
    const id = String(row['capture_id']);
    const place = await context.shelf.find({ captureId: id, sha256: text(row['archive_sha256']), name: text(row['archive_name']), bytes: row['archive_bytes'] === null ? null : Number(row['archive_bytes']) });
    captures.push({ id, name: captureName(row), bytes: Number(row['page_bytes'] ?? 0), absent: place.state === 'there' ? null : place.reason });
  }
  return { captures, cut: rows.length > maxCaptures };
}

/** Applies rules to captures, one after the other and block by block, and tells as it goes. Others are answered between two blocks. */
export async function* scanCaptures(context: ConsoleContext, rules: YaraEngine, ids: readonly string[], signal: AbortSignal): AsyncGenerator<RuleScanLine> {
  const since = performance.now();
  let bytes = 0;
  let hits = 0;
  for (const id of ids.slice(0, maxCaptures)) {
    const evidence = await evidenceOf(context, id).catch((error: unknown) => {
      if (error instanceof RequestError || isDamageError(error)) return error.message;
      throw error;
    });
    if (typeof evidence === 'string') {
      yield { kind: 'skipped', id, reason: evidence };
      continue;
    }
    const plan = await planScan(evidence.snapshot, evidence.archive);
    yield { kind: 'capture', id, bytes: plan.totalBytes };
    let own = 0;
    for await (const line of scanCapture(id, evidence, plan, rules, signal)) {
      if (line.kind === 'progress') bytes += line.bytes;
      if (line.kind === 'hit') [own, hits] = [own + 1, hits + 1];
      yield line;
      if (own >= maxCaptureHits) break;
    }
    if (own >= maxCaptureHits) yield { kind: 'cut', id };
    if (hits >= maxHits) break;
  }
  yield { kind: 'done', bytes, hits, cut: hits >= maxHits, milliseconds: Math.round(performance.now() - since) };
}

async function* scanCapture(id: string, evidence: OpenedEvidence, plan: ScanPlan, rules: YaraEngine, signal: AbortSignal): AsyncGenerator<RuleScanLine> {
  const buffer = Buffer.alloc(blockBytes + 2 * marginBytes);
  const told = new Set<string>();
  for (let index = 0; index < plan.blockCount; index += 1) {
    await new Promise(setImmediate);
    signal.throwIfAborted();
    const block = plan.block(index);
    try {
      for (const hit of await matchesIn(id, evidence, block, rules, buffer)) {
        // What needs no string holds for a whole stretch: it is told once.
        const key = hit.string === null ? `${hit.rule} ${block.stretch.subject}` : undefined;
        if (key !== undefined && told.has(key)) continue;
        if (key !== undefined) told.add(key);
        yield { kind: 'hit', ...hit };
      }
    } catch (error) {
      if (!isDamageError(error) && !(error instanceof YaraScanError)) throw error;
      yield { kind: 'skipped', id, reason: `${block.end - block.start} bytes of ${block.stretch.subject}: ${error.message}` };
    }
    yield { kind: 'progress', bytes: block.end - block.start };
  }
}

async function matchesIn(id: string, { snapshot, known }: OpenedEvidence, { stretch, start, end }: Block, rules: YaraEngine, buffer: Buffer): Promise<readonly RuleHit[]> {
  const from = Math.max(0, start - marginBytes);
  const bytes = buffer.subarray(0, Math.min(stretch.length, end + marginBytes) - from);
  await stretch.read(bytes, from);
  const names = new Map(snapshot.processes.map(({ pid, comm }) => [pid, comm]));
  return rules.scan(bytes).flatMap((match): RuleHit[] => {
    const at = match.string === undefined ? start - from : match.offset;
    // What begins in the margin is the neighbour's.
    if (from + at < start || from + at >= end) return [];
    const place = stretch.placeOf(from + at);
    const owner = place.kind === 'memory' ? place.owners.find(({ pid }) => pid !== undefined) : undefined;
    const pid = owner?.pid ?? (place.kind === 'memory' ? undefined : place.pids[0]);
    return [{
      capture: id, rule: match.rule, string: match.string ?? null, length: match.length,
      pid: pid ?? null, comm: pid === undefined ? null : names.get(pid) ?? null,
      address: owner === undefined ? null : address(owner.address),
      place: place.kind === 'memory' ? `${place.permissions} ${place.region}` : place.kind === 'file' ? place.path : place.subject,
      context: contextOf(bytes, match, known),
    }];
  });
}

/** A match with what is around it, secrets masked: a rule may match what nobody typed. */
function contextOf(bytes: Buffer, { offset, length, string }: YaraMatch, known: readonly string[]): string {
  if (string === undefined) return '';
  const from = Math.max(0, offset - aroundBytes);
  const clean = maskBytes(bytes.subarray(from, Math.min(bytes.length, offset + length + aroundBytes)), known);
  const shown = Buffer.from(clean).subarray(Math.max(0, offset - from - shownBefore), offset - from + Math.min(length, 200) + shownAfter).toString('latin1');
  // Every second byte of UTF-16 is zero.
  return shown.replaceAll(/([\x20-\x7e])\0(?=[\x20-\x7e]\0)/g, '$1').replaceAll(/[^\x20-\x7e]/g, '·');
}
