import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundlePaths, type EvidenceVault, verifyCapture, type VerifyOptions, type VerifyReport } from '@icecore/evidence';
import type { JsonValue } from '@icecore/criu';
import { command, UsageError } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { shown } from '../render/text-table.ts';
import type { Terminal } from '../terminal.ts';
import { chosenCaptures, entriesOf, openVault, trustOf, vaultAt, vaultOptions } from '../vault.ts';

/** `icecore verify`: does the evidence hold. */
export const verify = command({
  name: 'verify',
  summary: 'Check evidence with no network: archives, entries, manifests, ledgers, signatures, time stamps, derived files.',
  arguments: '[CAPTURE|FOLDER|BUNDLE…]',
  count: [0, 1000],
  options: {
    ...vaultOptions,
    trust: { type: 'string', value: 'FILE', summary: 'keys and time stamp authorities to believe (default: the key of --key)' },
    json: { type: 'boolean', summary: 'as JSON, one object a capture' },
  },
  examples: [
    ['icecore verify', 'every capture of the vault; ends with 1 where one does not hold'],
    ['icecore verify --trust trust.json case-7', 'a case bundle, by keys that came another way'],
  ],
  async run({ arguments: words, options, terminal }) {
    const choice = { vault: options.vault, key: options.key };
    const places = words.filter((word) => vaultAt(word) !== undefined);
    const names = words.filter((word) => !places.includes(word));
    const work: { vault: EvidenceVault; captures: string[]; heads: Heads }[] = [];
    for (const place of places) {
      const vault = vaultAt(place)!;
      const heads = await headsOf(place);
      work.push({ vault, captures: [...new Set([...(await chosenCaptures(vault, [])), ...heads.keys()])].sort(), heads });
    }
    if (names.length > 0 || places.length === 0) work.push({ vault: openVault(choice), captures: await chosenCaptures(openVault(choice), names), heads: new Map() });
    if (work.every(({ captures }) => captures.length === 0)) throw new UsageError('there is no capture to verify');
    const trust = await trustOf(options.trust, choice);
    let held = true;
    for (const { vault, captures, heads } of work) {
      for (const capture of captures) {
        terminal.progress(`${capture}: verifying`);
        const expectedHead = heads.get(capture);
        const report = await verifyCapture(vault, capture, trust, { openEntries: entriesOf, ...(expectedHead === undefined ? {} : { expectedHead }) });
        terminal.progress(undefined);
        held &&= report.holds;
        if (options.json === true) await terminal.json(toJson(report));
        else await print(report, terminal);
      }
      for await (const left of vault.incomplete('')) terminal.note(`incomplete: ${left.key}, ${left.bytes} bytes since ${left.startedAt.toISOString()}; sealing it again takes it up`);
    }
    return held ? exitCodes.done : exitCodes.no;
  },
});

type Heads = ReadonlyMap<string, NonNullable<VerifyOptions['expectedHead']>>;

/** The ends of the ledgers as a bundle gives them. A bundle without them, or with others, is one that was changed. */
async function headsOf(folder: string): Promise<Heads> {
  const path = join(folder, bundlePaths.heads);
  if (!existsSync(path)) return new Map();
  try {
    const listed: { captureKey: string; seq: number; head: string }[] = JSON.parse(await readFile(path, 'utf8'));
    return new Map(listed.map(({ captureKey, seq, head }) => [String(captureKey), { seq: Number(seq), head: String(head) }]));
  } catch {
    throw new UsageError(`${path} cannot be read`);
  }
}

async function print(report: VerifyReport, terminal: Terminal): Promise<void> {
  const { entries, ledgerEntries, side, derived, timestamps, unchecked } = report.checked;
  if (report.holds) {
    await terminal.line(`${terminal.style('green', 'holds')}  ${report.captureKey}`);
    await terminal.line(`       ${entries} archive entries, ${ledgerEntries} ledger entries, ${side} beside, ${derived} derived${timestamps.map((at) => `, stamped ${at}`).join('')}`);
  } else {
    await terminal.line(`${terminal.style('red', 'does not hold')}  ${report.captureKey}`);
    for (const { place, reason } of [report, ...report.more].slice(0, 50)) await terminal.line(`       ${shown(place, 300)}: ${shown(reason, 500)}`);
    if (report.more.length > 49) await terminal.line(`       and ${report.more.length - 49} more`);
  }
  for (const each of unchecked) await terminal.line(`       not checked: ${shown(each, 300)}`);
}

function toJson(report: VerifyReport): JsonValue {
  const checked = { ...report.checked, timestamps: [...report.checked.timestamps], unchecked: [...report.checked.unchecked] };
  if (report.holds) return { capture: report.captureKey, holds: true, checked };
  return { capture: report.captureKey, holds: false, place: report.place, reason: report.reason, more: report.more.map((each) => ({ ...each })), checked };
}
