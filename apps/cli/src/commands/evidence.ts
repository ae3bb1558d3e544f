import { caseBundle, type CustodyContext, type EvidenceVault, holdCapture, objectKeys, parseManifest, readLedger, recordAct } from '@icecore/evidence';
import { formatBytes, readAll } from '@icecore/bytes';
import type { JsonValue } from '@icecore/criu';
import { command, UsageError } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { shown, textTable } from '../render/text-table.ts';
import type { Terminal } from '../terminal.ts';
import { actor, chosenCaptures, openSigner, openVault, tool, trustOf, type VaultChoice, vaultOptions } from '../vault.ts';
import { writeBundle } from '../write-bundle.ts';

/** `icecore evidence`: what the vault holds, and what happens to it. */
export const evidence = command({
  name: 'evidence',
  summary: 'The vault: list and show captures, hold and release them, export a case.',
  arguments: 'list|show|hold|release|export [CAPTURE…]',
  count: [1, 1000],
  options: {
    ...vaultOptions,
    reason: { type: 'string', value: 'TEXT', summary: 'why, for the ledger: needed to hold, release and export' },
    output: { type: 'string', value: 'FOLDER', summary: 'folder of the case bundle, which must not be there yet' },
    trust: { type: 'string', value: 'FILE', summary: 'trust file that the bundle gets (default: the key of --key)' },
    json: { type: 'boolean', summary: 'as JSON' },
  },
  examples: [
    ['icecore evidence list', 'every capture, its lock, and what was begun and not finished'],
    ['icecore evidence hold 4f2a --reason "case 7"', 'a capture by the beginning of its id'],
    ['icecore evidence export --output case-7 --reason "for court" 4f2a', 'a folder that anyone can check'],
  ],
  async run({ arguments: [action = '', ...words], options, terminal }) {
    const choice = { vault: options.vault, key: options.key };
    const vault = openVault(choice);
    const json = options.json === true;
    if (action === 'list') return list(vault, json, terminal);
    if (!['show', 'hold', 'release', 'export'].includes(action)) throw new UsageError(`there is no evidence ${action}; there are list, show, hold, release and export`);
    if (words.length === 0) throw new UsageError(`evidence ${action} needs a CAPTURE`);
    const captures = await chosenCaptures(vault, words);
    if (action === 'show') return show(vault, captures, json, terminal);
    const { reason } = options;
    if (reason === undefined) throw new UsageError(`evidence ${action} needs --reason, for the ledger`);
    if (action === 'export') return exportCase(vault, captures, choice, { reason, output: options.output, trust: options.trust }, terminal);
    for (const capture of captures) {
      await holdCapture(vault, capture, action === 'hold', await custody(choice, reason));
      await terminal.line(`${action === 'hold' ? 'held' : 'released'}: ${capture}`);
    }
    return exitCodes.done;
  },
});

async function list(vault: EvidenceVault, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const rows: string[][] = [];
  let code: ExitCode = exitCodes.done;
  for (const capture of await chosenCaptures(vault, [])) {
    const archive = await vault.describe(objectKeys.archive(capture));
    const sealed = (await readLedger(vault, capture).catch(() => [])).some(({ action }) => action === 'sealed');
    const until = archive?.lock?.retainUntil.toISOString().slice(0, 10) ?? 'unknown';
    if (!sealed) code = exitCodes.partial;
    if (json) await terminal.json({ capture, sealed, bytes: archive?.bytes ?? null, locked_until: archive?.lock?.retainUntil.toISOString() ?? null, held: archive?.lock?.held ?? null });
    rows.push([shown(capture), sealed ? 'sealed' : 'incomplete', archive === undefined ? '' : formatBytes(archive.bytes), until, archive?.lock?.held === true ? 'held' : '']);
  }
  for await (const { key, bytes } of vault.incomplete('')) {
    code = exitCodes.partial;
    terminal.note(`incomplete: ${key}, ${formatBytes(bytes)}; sealing it again takes it up`);
  }
  const columns = [{ title: 'CAPTURE', flexible: true }, { title: 'STATE' }, { title: 'SIZE', align: 'right' as const }, { title: 'LOCKED UNTIL' }, { title: 'HELD' }];
  if (!json) await terminal.line(rows.length === 0 ? 'no captures' : textTable(columns, rows, terminal.width).join('\n'));
  return code;
}

async function show(vault: EvidenceVault, captures: readonly string[], json: boolean, terminal: Terminal): Promise<ExitCode> {
  for (const capture of captures) {
    const manifest = parseManifest(await readAll(await vault.open(objectKeys.manifest(capture))));
    const ledger = await readLedger(vault, capture);
    if (json) {
      const plain: JsonValue = JSON.parse(JSON.stringify({ capture, manifest, ledger }));
      await terminal.json(plain);
      continue;
    }
    const { where, why, when, archive } = manifest;
    const named = Object.entries({ ...where, ...why }).filter((pair): pair is [string, string] => pair[1] !== null);
    await terminal.line(capture);
    for (const [name, value] of named) await terminal.line(`  ${name.padEnd(12)} ${shown(value, 200)}`);
    await terminal.line(`  ${'takenAt'.padEnd(12)} ${when.takenAt}, by the clock of: ${shown(when.source)}`);
    await terminal.line(`  ${'archive'.padEnd(12)} ${formatBytes(archive.bytes)}, sha256 ${archive.sha256}, ${manifest.entries.length} entries`);
    for (const { seq, at, action, actor: by, reason } of ledger) await terminal.line(`  ${String(seq).padStart(4)}  ${at}  ${action.padEnd(10)}  ${shown(by.id)}  ${shown(reason, 200)}`);
  }
  return exitCodes.done;
}

/** What the ledger is told of who works here. */
async function custody(choice: VaultChoice, reason: string): Promise<CustodyContext> {
  return { signer: await openSigner(choice), clock: () => new Date(), actor: actor(), tool: { ...tool }, reason };
}

interface ExportOptions {
  readonly reason: string;
  readonly output: string | undefined;
  readonly trust: string | undefined;
}

async function exportCase(vault: EvidenceVault, captures: readonly string[], choice: VaultChoice, { reason, output, trust }: ExportOptions, terminal: Terminal): Promise<ExitCode> {
  if (output === undefined) throw new UsageError('evidence export needs --output FOLDER');
  const trusted = await trustOf(trust, choice);
  // The export is in the ledger before it leaves, and so in the bundle.
  for (const capture of captures) await recordAct(vault, capture, 'exported', await custody(choice, reason));
  const files = await writeBundle(output, caseBundle(vault, captures, trusted));
  await terminal.line(`${files} files in ${output}; VERIFY.md in it says how to check them`);
  return exitCodes.done;
}
