import { entryProofText, type EvidenceVault, ledgerEnds, ledgerEndsText, objectKeys, proveEntry, readLedger } from '@icecore/evidence';
import { formatBytes } from '@icecore/bytes';
import type { JsonValue } from '@icecore/criu';
import { command, UsageError } from '../command.ts';
import { custodyOf, manifestOf } from '../custody.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { shown, textTable } from '../render/text-table.ts';
import type { Terminal } from '../terminal.ts';
import { chosenCaptures, openVault, trustOf, vaultOptions } from '../vault.ts';

const looking = ['list', 'show', 'heads'] as const;
/** What leaves a word in the ledger, and so needs a reason. */
const acting = ['hold', 'release', 'read', 'export', 'replicate', 'expire'] as const;

/** `icecore evidence`: what the vault holds, and what happens to it. */
export const evidence = command({
  name: 'evidence',
  summary: 'The vault: list and show captures, hold and release them, give them out, copy them to another vault, let go of those whose lock has ended.',
  arguments: `${[...looking, ...acting].join('|')} [CAPTURE…]`,
  count: [1, 1000],
  options: {
    ...vaultOptions,
    reason: { type: 'string', value: 'TEXT', summary: `why, for the ledger: needed to ${acting.join(', ')}` },
    output: { type: 'string', value: 'PATH', summary: 'file that `read`, or folder that `export`, makes' },
    to: { type: 'string', value: 'PLACE', summary: 'vault that `replicate` copies to, a folder or s3://BUCKET/FOLDER' },
    trust: { type: 'string', value: 'FILE', summary: 'trust file that the bundle gets (default: the key of --key)' },
    prove: { type: 'string', value: 'PATH', summary: 'with show: proves this entry of the archive without the rest of it, for verify --proof' },
    json: { type: 'boolean', summary: 'as JSON' },
  },
  examples: [
    ['icecore evidence list', 'every capture, its lock, and what was begun and not finished'],
    ['icecore evidence heads > heads.json', 'where the ledgers end: to be kept elsewhere, for verify --expect-head'],
    ['icecore evidence hold 4f2a --reason "case 7"', 'a capture by the beginning of its id'],
    ['icecore evidence show 4f2a --prove checkpoint/pages-1.img > proof.json', 'one image is of this archive, with nothing else of it'],
    ['icecore evidence read 4f2a --output a.tar --reason triage', 'the archive out of the vault, to be analyzed'],
    ['icecore evidence export --output case-7 --reason "for court" 4f2a', 'a folder that anyone can check'],
  ],
  async run({ arguments: [action = '', ...words], options, terminal }) {
    const choice = { vault: options.vault, key: options.key };
    const vault = await openVault(choice);
    const json = options.json === true;
    if (action === 'list') return list(vault, json, terminal);
    if (action === 'heads') return heads(vault, words, terminal);
    if (action !== 'show' && !isActing(action)) throw new UsageError(`there is no evidence ${action}; there are ${[...looking, ...acting].join(', ')}`);
    if (words.length === 0) throw new UsageError(`evidence ${action} needs a CAPTURE`);
    const captures = await chosenCaptures(vault, words);
    if (action === 'show') return options.prove === undefined ? show(vault, captures, json, terminal) : prove(vault, captures, options.prove, terminal);
    const { reason, output, to } = options;
    if (reason === undefined) throw new UsageError(`evidence ${action} needs --reason, for the ledger`);
    const custody = custodyOf(vault, choice, reason);
    if (action === 'export') {
      if (output === undefined) throw new UsageError('evidence export needs --output FOLDER');
      const files = await custody.export(captures, output, await trustOf(options.trust, choice));
      await terminal.line(`${files} files in ${output}; VERIFY.md in it says how to check them`);
      return exitCodes.done;
    }
    const [only, second] = captures;
    if (action === 'read') {
      if (output === undefined || only === undefined || second !== undefined) throw new UsageError('evidence read takes one CAPTURE, and --output FILE');
      await custody.read(only, output);
      await terminal.line(`${output}: the archive of ${only}`);
      return exitCodes.done;
    }
    const target = action === 'replicate' ? await targetOf(to, vault) : undefined;
    for (const capture of captures) {
      if (target !== undefined) await custody.replicate(capture, target);
      else if (action === 'hold') await custody.hold(capture);
      else if (action === 'expire') await custody.expire(capture);
      else await custody.release(capture);
      await terminal.line(`${pastOf[action]}: ${capture}`);
    }
    return exitCodes.done;
  },
});

const pastOf = { hold: 'held', release: 'released', replicate: 'replicated', expire: 'expired' } as const;

function isActing(word: string): word is (typeof acting)[number] {
  return acting.some((each) => each === word);
}

async function targetOf(place: string | undefined, vault: EvidenceVault): Promise<EvidenceVault> {
  if (place === undefined) throw new UsageError('evidence replicate needs --to PLACE');
  const target = await openVault({ vault: place, key: undefined });
  if (target.location === vault.location) throw new UsageError('evidence replicate needs a vault other than this one');
  return target;
}

async function prove(vault: EvidenceVault, [capture, second]: readonly string[], path: string, terminal: Terminal): Promise<ExitCode> {
  if (capture === undefined || second !== undefined) throw new UsageError('evidence show --prove takes one CAPTURE');
  await terminal.line(entryProofText(await proveEntry(vault, capture, path)).trimEnd());
  return exitCodes.done;
}

async function heads(vault: EvidenceVault, words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const captures = await chosenCaptures(vault, words);
  await terminal.line(ledgerEndsText(await ledgerEnds(vault, captures)).trimEnd());
  return exitCodes.done;
}

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
    const manifest = await manifestOf(vault, capture);
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
