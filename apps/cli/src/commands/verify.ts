import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundlePaths, captureOfKey, type EntryProof, entryProofFault, type EvidenceVault, type LedgerEnd, parseEntryProof, parseLedgerEnds, sha256OfSource, type Trust, verifyCapture, type VerifyOptions, type VerifyReport } from '@icecore/evidence';
import { fileSource } from '@icecore/local';
import type { JsonValue } from '@icecore/criu';
import { command, UsageError } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { checkCopy, noRedactions, redactionLines, redactionsJson, sealedRedactions } from '../redacted-copy.ts';
import { shown } from '../render/text-table.ts';
import type { Terminal } from '../terminal.ts';
import { chosenCaptures, derivedIn, entriesOf, openVault, trustOf, vaultAt, vaultOptions } from '../vault.ts';

/** `icecore verify`: does the evidence hold. */
export const verify = command({
  name: 'verify',
  summary: 'Check evidence with no network: archives, entries, manifests, ledgers, signatures, time stamps, derived files.',
  arguments: '[CAPTURE|FOLDER|BUNDLE|s3://BUCKET/FOLDER|COPY…]',
  count: [0, 1000],
  options: {
    ...vaultOptions,
    trust: { type: 'string', value: 'FILE', summary: 'keys and time stamp authorities to believe (default: the key of --key)' },
    'expect-head': { type: 'string', value: 'FILE|HASH', summary: 'where the ledger ended once: heads.json, as `evidence heads` gives it, or the hash that `seal` told' },
    lake: { type: 'string', value: 'PLACE', summary: 'lake in which to check what was derived into one, a folder or s3://BUCKET/FOLDER' },
    proof: { type: 'string', value: 'FILE', summary: 'check this proof of one entry, as `evidence show --prove` gives it, and the file that is named as that entry' },
    json: { type: 'boolean', summary: 'as JSON, one object a capture' },
  },
  examples: [
    ['icecore verify', 'every capture of the vault; ends with 1 where one does not hold'],
    ['icecore verify --trust trust.json case-7', 'a case bundle, by keys that came another way'],
    ['icecore verify shareable.tar.zst', 'a redacted copy: is it the one that shareable.tar.zst.redaction.json tells of, and of what'],
    ['icecore verify --expect-head kept/heads.json s3://evidence/icecore', 'a bucket, and no ledger in it was cut since the heads were kept'],
  ],
  async run({ arguments: words, options, terminal }) {
    const choice = { vault: options.vault, key: options.key };
    if (options.proof !== undefined) return verifyProof(options.proof, words, await trustOf(options.trust, choice), terminal);
    const known = options['expect-head'] === undefined ? undefined : await expectedEnds(options['expect-head']);
    const copies = words.filter((word) => statSync(word, { throwIfNoEntry: false })?.isFile() === true);
    const work = copies.length > 0 && copies.length === words.length ? [] : await workOf(words.filter((word) => !copies.includes(word)), choice);
    if (copies.length === 0 && work.every(({ captures, heads }) => captures.length + heads.size === 0)) throw new UsageError('there is no capture to verify');
    if (typeof known === 'string' && work.reduce((sum, { captures }) => sum + captures.length, 0) !== 1) throw new UsageError('--expect-head HASH is for one capture; name it, or give heads.json');
    let held = true;
    for (const path of copies) held = (await tellCopy(path, options.json === true, terminal)) && held;
    if (work.length === 0) return held ? exitCodes.done : exitCodes.no;
    const trust = await trustOf(options.trust, choice);
    const openDerived = options.lake === undefined ? {} : { openDerived: await derivedIn(options.lake) };
    for (const { vault, captures, heads, chosen } of work) {
      const expected = typeof known === 'object' ? [...heads, ...known].filter(([capture]) => !chosen || captures.includes(capture)) : [...heads];
      for (const capture of [...new Set([...captures, ...expected.map(([key]) => key)])].sort()) {
        terminal.progress(`${capture}: verifying`);
        const ends = typeof known === 'string' ? [{ head: known }] : expected.filter(([key]) => key === capture).map(([, end]) => end);
        const report = await verifyCapture(vault, capture, trust, { openEntries: entriesOf, ...openDerived, expectedHeads: ends });
        terminal.progress(undefined);
        held &&= report.holds;
        const told = report.holds ? await sealedRedactions(vault, capture) : noRedactions;
        if (options.json === true) await terminal.json({ ...toJson(report), ...redactionsJson(told) });
        else await print(report, redactionLines(told), terminal);
      }
      for await (const left of vault.incomplete('')) terminal.note(`incomplete: ${left.key}, ${left.bytes} bytes since ${left.startedAt.toISOString()}; sealing it again takes it up`);
    }
    return held ? exitCodes.done : exitCodes.no;
  },
});

/** Checks that an archive had an entry, and that a file is that entry. */
async function verifyProof(path: string, [file, second]: readonly string[], trust: Trust, terminal: Terminal): Promise<ExitCode> {
  if (second !== undefined) throw new UsageError('--proof is for one file');
  const proof = await readProof(path);
  const { entry, captureKey } = proof;
  let fault = entryProofFault(proof, trust);
  if (fault === undefined && file !== undefined) {
    const source = await fileSource(file);
    const found = await sha256OfSource(source).finally(() => source.close());
    if (found !== entry.sha256) fault = `${file} has the SHA-256 ${found}, and the entry has ${entry.sha256}`;
  }
  await terminal.line(`${fault === undefined ? terminal.style('green', 'holds') : terminal.style('red', 'does not hold')}  ${shown(entry.path, 300)} of ${captureKey}`);
  await terminal.line(`       ${shown(fault ?? `${entry.bytes} bytes, sha256 ${entry.sha256}, hashed ${proof.hashed.at} by ${proof.hashed.actor.id}`, 500)}`);
  return fault === undefined ? exitCodes.done : exitCodes.no;
}

async function readProof(path: string): Promise<EntryProof> {
  const text = await readFile(path, 'utf8');
  try {
    return parseEntryProof(text);
  } catch {
    throw new UsageError(`${path} is no proof of an entry`);
  }
}

type ExpectedHead = NonNullable<VerifyOptions['expectedHeads']>[number];
type Heads = ReadonlyMap<string, ExpectedHead>;

/** Captures of one vault that are to be verified. */
interface Work {
  readonly vault: EvidenceVault;
  readonly captures: readonly string[];
  /** Where a bundle says that its ledgers end. */
  readonly heads: Heads;
  /** True where the captures were named one by one. */
  readonly chosen: boolean;
}

async function workOf(words: readonly string[], choice: Parameters<typeof openVault>[0]): Promise<Work[]> {
  const work: Work[] = [];
  const names: string[] = [];
  for (const word of words) {
    const vault = await vaultAt(word);
    if (vault === undefined) names.push(word);
    else work.push({ vault, captures: await chosenCaptures(vault, []), heads: await bundledHeads(word), chosen: false });
  }
  if (names.length === 0 && work.length > 0) return work;
  const vault = await openVault(choice);
  return [...work, { vault, captures: await chosenCaptures(vault, names), heads: new Map(), chosen: names.length > 0 }];
}

/** The ends of the ledgers as a bundle gives them. */
async function bundledHeads(place: string): Promise<Heads> {
  const path = join(place, bundlePaths.heads);
  return existsSync(path) ? readHeads(path) : new Map();
}

/** What is known of the ledgers from elsewhere: a file of heads, or the hash of one. */
async function expectedEnds(word: string): Promise<Heads | string> {
  return /^[0-9a-f]{64}$/.test(word) ? word : readHeads(word);
}

/** A file without heads, or with others, is one that was changed, and so not to be used. */
async function readHeads(path: string): Promise<Heads> {
  const text = await readFile(path, 'utf8');
  try {
    return new Map(parseLedgerEnds(text).flatMap(headOf));
  } catch {
    throw new UsageError(`${path} is no file of heads`);
  }
}

function headOf({ captureKey, seq, head }: LedgerEnd): [string, ExpectedHead][] {
  if (captureOfKey(captureKey) !== captureKey) throw new TypeError(`${captureKey} is no capture`);
  return head === null ? [] : [[captureKey, { seq, head }]];
}

async function tellCopy(path: string, json: boolean, terminal: Terminal): Promise<boolean> {
  const { holds, sha256, told, faults, unchecked } = await checkCopy(path, terminal);
  if (told.manifests.length + told.faults.length === 0) throw new UsageError(`${path} says of itself that nothing was redacted: verify checks captures in a vault; seal it first`);
  if (json) await terminal.json({ copy: path, holds, sha256, ...redactionsJson(told), faults: [...faults], unchecked: [...unchecked] });
  else {
    const lines = [...faults, ...redactionLines({ ...told, faults: [] }), `sha256 ${sha256}; nobody’s signature is behind it`, ...unchecked.map((each) => `not checked: ${each}`)];
    await terminal.line([`${holds ? terminal.style('green', 'holds') : terminal.style('red', 'does not hold')}  ${shown(path)}`, ...lines.map((line) => `       ${shown(line, 500)}`)].join('\n'));
  }
  return holds;
}

async function print(report: VerifyReport, told: readonly string[], terminal: Terminal): Promise<void> {
  const { entries, ledgerEntries, side, derived, timestamps, unchecked } = report.checked;
  if (report.holds) {
    await terminal.line(`${terminal.style('green', 'holds')}  ${report.captureKey}`);
    await terminal.line(`       ${entries} archive entries, ${ledgerEntries} ledger entries, ${side} beside, ${derived} derived${timestamps.map((at) => `, stamped ${at}`).join('')}`);
  } else {
    await terminal.line(`${terminal.style('red', 'does not hold')}  ${report.captureKey}`);
    for (const { place, reason } of [report, ...report.more].slice(0, 50)) await terminal.line(`       ${shown(place, 300)}: ${shown(reason, 500)}`);
    if (report.more.length > 49) await terminal.line(`       and ${report.more.length - 49} more`);
  }
  for (const each of told) await terminal.line(`       ${each}`);
  for (const each of unchecked) await terminal.line(`       not checked: ${shown(each, 300)}`);
}

function toJson(report: VerifyReport): { readonly [name: string]: JsonValue } {
  const checked = { ...report.checked, timestamps: [...report.checked.timestamps], unchecked: [...report.checked.unchecked] };
  if (report.holds) return { capture: report.captureKey, holds: true, checked };
  return { capture: report.captureKey, holds: false, place: report.place, reason: report.reason, more: report.more.map((each) => ({ ...each })), checked };
}
