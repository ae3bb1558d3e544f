import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { bytesToHex, type ByteSource, DamageError, hex, readInto, visible } from '@icecore/bytes';
import { sha256OfSource } from '@icecore/evidence';
import { recordAccess } from '@icecore/local';
import { stringifyJson } from '@icecore/criu';
import { command, UsageError } from '../command.ts';
import { evidenceOptions, openEvidence, type OpenEvidence, processOf } from '../evidence.ts';
import { exitCodes } from '../exit-codes.ts';
import { defaultLake } from '../engine.ts';
import { numberOf } from './search.ts';

/** Most bytes of one value; who needs more writes a region to a file. */
const maxRevealBytes = 65_536;

/** `icecore reveal`: one value that is masked everywhere else, with a record of who looked and why. */
export const reveal = command({
  name: 'reveal',
  summary: 'Show the bytes of one value that is masked elsewhere. Who looked, where and why is recorded first.',
  arguments: 'ARCHIVE',
  count: [1, 1],
  options: {
    pid: { type: 'string', value: 'PID', summary: 'process in whose memory the value is' },
    address: { type: 'string', value: 'ADDRESS', summary: 'where in its memory, in hex' },
    entry: { type: 'string', value: 'PATH', summary: 'entry of the archive, or CRIU image, that the value is in' },
    offset: { type: 'string', value: 'BYTES', summary: 'where in the entry (default 0)' },
    length: { type: 'string', value: 'BYTES', summary: `how many bytes, at most ${maxRevealBytes}` },
    reason: { type: 'string', value: 'TEXT', summary: 'why: a case, a request; without one nothing is shown' },
    lake: { type: 'string', value: 'FOLDER', summary: `the lake whose access log keeps the record (default ${defaultLake})` },
    json: { type: 'boolean', summary: 'as JSON, with the bytes in hex' },
    ...evidenceOptions,
  },
  examples: [['icecore reveal capture.tar --pid 7 --address 7f0012345678 --length 40 --reason "case 12: rotate this key"', 'one key, and a line in .icecore/access.jsonl']],
  async run({ arguments: [path = ''], options, terminal }) {
    const reason = options.reason?.trim() ?? '';
    if (reason === '') throw new UsageError('needs --reason TEXT: why the value is looked at');
    if (options.length === undefined) throw new UsageError('needs --length BYTES');
    const length = numberOf(options.length, '--length');
    if (length === 0 || length > maxRevealBytes) throw new UsageError(`shows 1 to ${maxRevealBytes} bytes, not ${length}; memory --output FILE writes more`);
    await using evidence = await openEvidence(path, options.parent, terminal);
    const { place, bytes } = await valueAt(evidence, options, length);
    const archiveSha256 = await sha256OfSource(evidence.file);
    const log = join(dirname(options.lake ?? defaultLake), 'access.jsonl');
    await recordAccess(log, { at: new Date(), who: userName(), archiveSha256, place, length: bytes.length, reason });
    const text = visible(Buffer.from(bytes).toString('utf8'));
    await terminal.bytes(Buffer.from(options.json === true ? `${stringifyJson({ path, place, length: bytes.length, bytes_hex: bytesToHex(bytes), text })}\n` : `${text}\n`));
    terminal.note(`recorded in ${log}`);
    return exitCodes.done;
  },
});

interface PlaceOptions {
  readonly pid?: string | undefined;
  readonly address?: string | undefined;
  readonly entry?: string | undefined;
  readonly offset?: string | undefined;
}

async function valueAt(evidence: OpenEvidence, { pid, address, entry, offset }: PlaceOptions, length: number): Promise<{ place: string; bytes: Uint8Array }> {
  if (pid !== undefined && address !== undefined && entry === undefined) return memoryAt(evidence, pid, address, length);
  if (entry !== undefined && pid === undefined && address === undefined) return entryAt(evidence, entry, numberOf(offset ?? '0', '--offset'), length);
  throw new UsageError('needs --pid PID --address ADDRESS, or --entry PATH');
}

async function memoryAt({ path, snapshot }: OpenEvidence, pid: string, address: string, length: number): Promise<{ place: string; bytes: Uint8Array }> {
  if (!/^(0x)?[0-9a-fA-F]{1,16}$/.test(address)) throw new UsageError(`${address} is not an address`);
  const start = BigInt(address.startsWith('0x') ? address : `0x${address}`);
  const { memory } = processOf(snapshot, pid);
  if (memory === undefined) throw new UsageError(`process ${pid} has no memory of its own`);
  const { bytes, parts } = await memory.read(start, length);
  const absent = parts.find(({ state }) => state !== 'stored' && state !== 'zero');
  if (absent !== undefined) throw new DamageError('missing', `does not hold ${hex(absent.start)} of process ${pid}: ${absent.state}`, { entry: path });
  return { place: `pid ${pid} address ${hex(start)}`, bytes };
}

async function entryAt({ path, archive }: OpenEvidence, name: string, offset: number, length: number): Promise<{ place: string; bytes: Uint8Array }> {
  const source: ByteSource | undefined = (archive.images().get(name) ?? archive.entries.get(name))?.source;
  if (source === undefined) throw new DamageError('missing', `has no entry ${name}`, { entry: path });
  if (offset + length > source.size) throw new UsageError(`${name} has ${source.size} bytes`);
  const bytes = new Uint8Array(length);
  await readInto(source, bytes, offset);
  return { place: `entry ${name} offset ${offset}`, bytes };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without a name, as in many containers.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
