import { readFileSync } from 'node:fs';
import { type ByteSource, memorySource } from '@icecore/bytes';
import { encodeMessage, imageTypes } from '@icecore/criu';
import { addressSpace, imageFolder } from '@icecore/memory';
import type { ContainerSnapshot, Process } from '@icecore/snapshot';
import { readCore as readCoreImage } from './note-context.ts';
import type { CoreEntry } from './core-machine.ts';
import { readCore, readMemory, type ReadNote } from './read-core.test-support.ts';
import { coreOf, processOf, snapshotOf } from './sample-core.test-support.ts';
import { writeCore } from './write-core.ts';

const names = ['podman-attack.tar.zst', 'podman-loop.tar.zst', 'crio-loop.tar'] as const;
const snapshots = new Map<string, ContainerSnapshot>();
const pageBytes = 4096;

beforeAll(async () => {
  for (const name of names) snapshots.set(name, await snapshotOf(readFileSync(new URL(`../../../samples/${name}`, import.meta.url))));
});

function sample(name: (typeof names)[number]): ContainerSnapshot {
  const snapshot = snapshots.get(name);
  if (snapshot === undefined) throw new Error(`${name} did not open`);
  return snapshot;
}

function noteOf(notes: readonly ReadNote[], owner: string, type: number): Buffer {
  const found = notes.filter((note) => note.owner === owner && note.type === type);
  expect(found).toHaveLength(1);
  return found[0]?.description ?? Buffer.alloc(0);
}

describe.each(names)('the core files of %s', (name) => {
  it('hold every byte of memory that is known, and none that is not', async () => {
    const snapshot = sample(name);
    for (const process of snapshot.processes) {
      const { file, report } = await coreOf(process, snapshot);
      const core = readCore(file);
      const totals = { known: 0n, inMappedFiles: 0n, unavailable: 0n };
      for (const { start, end } of process.mappings) {
        for (let address = start; address < end; address += BigInt(pageBytes)) {
          const read = await process.memory?.read(address, pageBytes);
          const state = read?.parts[0]?.state;
          const known = state === 'stored' || state === 'zero';
          totals[known ? 'known' : state === 'in_file' ? 'inMappedFiles' : 'unavailable'] += BigInt(pageBytes);
          const found = readMemory(file, core, address, pageBytes);
          const same = known ? found?.equals(read?.bytes ?? Buffer.alloc(0)) : found === undefined;
          if (same !== true) throw new Error(`process ${process.pid}: page at 0x${address.toString(16)} is ${state} and not so in the core file`);
        }
      }
      const { inFile, zeros, inMappedFiles, unavailable } = report.coverage;
      expect({ known: inFile + zeros, inMappedFiles, unavailable }).toEqual(totals);
      expect(totals.known).toBeGreaterThan(0n);
    }
  });

  it('have headers that fit the file and carry the permissions of the mappings', async () => {
    const snapshot = sample(name);
    for (const process of snapshot.processes) {
      const { file, longest, report } = await coreOf(process, snapshot);
      const { headers, machine } = readCore(file);
      const [notes, ...loads] = headers;
      expect([machine, notes?.type, new Set(loads.map(({ type }) => type))]).toEqual([62, 4, new Set([1])]);
      expect([report.fileBytes, report.segmentCount]).toEqual([file.length, loads.length]);
      expect(longest).toBeLessThanOrEqual(1 << 20);
      let fileEnd = (notes?.offset ?? 0n) + (notes?.fileBytes ?? 0n);
      let addressEnd = 0n;
      for (const { address, offset, fileBytes, memoryBytes, alignment, flags } of loads) {
        expect(offset % alignment).toBe(address % alignment);
        expect(address >= addressEnd && offset >= fileEnd).toBe(true);
        expect([memoryBytes, 0n]).toContain(fileBytes);
        const mapping = process.mappings.find(({ start, end }) => start <= address && address + memoryBytes <= end);
        expect(`${flags & 4 ? 'r' : '-'}${flags & 2 ? 'w' : '-'}${flags & 1 ? 'x' : '-'}`).toBe(mapping?.permissions.slice(0, 3));
        addressEnd = address + memoryBytes;
        fileEnd = offset + fileBytes;
      }
      expect(fileEnd).toBe(BigInt(file.length));
    }
  });

  it('are the same bytes each time', async () => {
    const snapshot = sample(name);
    for (const process of snapshot.processes) {
      const [first, second] = [await coreOf(process, snapshot), await coreOf(process, snapshot)];
      expect(first.file.equals(second.file)).toBe(true);
    }
  });
});

describe('the notes of a core file', () => {
  let process: Process;
  let notes: readonly ReadNote[];
  beforeAll(async () => {
    process = processOf(sample('podman-attack.tar.zst'), 1);
    notes = readCore((await coreOf(process, sample('podman-attack.tar.zst'))).file).notes;
  });

  it('come in the order and the sizes that the kernel gives them', () => {
    expect(notes.map(({ owner, type, description }) => [owner, type, description.length])).toEqual([
      ['CORE', 1, 336],
      ['CORE', 3, 136],
      ['CORE', 0x53494749, 128],
      ['CORE', 6, 16 * (process.auxiliaryVector.size + 1)],
      ['CORE', 0x46494c45, expect.any(Number)],
      ['CORE', 2, 512],
      ['LINUX', 0x202, 2688],
    ]);
  });

  it('tell the general registers where the kernel puts them', () => {
    const status = noteOf(notes, 'CORE', 1);
    const registers = process.threads[0]?.registers;
    expect(status.readUInt32LE(32)).toBe(1);
    expect([status.readBigUInt64LE(112 + 8 * 16), status.readBigUInt64LE(112 + 8 * 19)]).toEqual([registers?.instructionPointer, registers?.stackPointer]);
    expect([status.readBigUInt64LE(112), status.readBigUInt64LE(112 + 8 * 21)]).toEqual([registers?.general['r15'], registers?.general['fs_base']]);
  });

  it('tell the auxiliary vector in pairs', () => {
    const auxv = noteOf(notes, 'CORE', 6);
    const pairs = Array.from({ length: auxv.length / 16 }, (_, i) => [auxv.readBigUInt64LE(16 * i), auxv.readBigUInt64LE(16 * i + 8)]);
    expect(pairs).toEqual([...process.auxiliaryVector, [0n, 0n]]);
  });

  it('list the mapped files with their offsets in pages', () => {
    const note = noteOf(notes, 'CORE', 0x46494c45);
    const count = Number(note.readBigUInt64LE(0));
    const text = note.toString('utf8', 16 + 24 * count).split('\0');
    const listed = Array.from({ length: count }, (_, i) => ({
      start: note.readBigUInt64LE(16 + 24 * i),
      end: note.readBigUInt64LE(24 + 24 * i),
      offset: note.readBigUInt64LE(32 + 24 * i) * note.readBigUInt64LE(8),
      name: text[i],
    }));
    const files = process.mappings.filter(({ name }) => name.startsWith('/'));
    expect(listed).toEqual(files.map(({ start, end, offset, name }) => ({ start, end, offset, name })));
    expect(listed.some(({ offset }) => offset > 0n)).toBe(true);
  });

  it('tell the command as the kernel would', () => {
    const info = noteOf(notes, 'CORE', 3);
    expect(info.toString('utf8', 40, 56).replaceAll('\0', '')).toBe('python3');
    expect(info.toString('utf8', 56).replaceAll('\0', '')).toBe('python3 /srv/app/attack.py 10.88.0.1 4444');
    expect([info[0], info.toString('latin1', 1, 2)]).toEqual([0, 'R']);
  });

  it('hold an XSAVE area that names the components it holds', async () => {
    const area = noteOf(notes, 'LINUX', 0x202);
    const state = (await readCoreImage('core-1.img', sample('podman-attack.tar.zst').images)).thread_info?.fpregs;
    expect([area.readBigUInt64LE(464), area.readBigUInt64LE(512)]).toEqual([0xe7n, state?.xsave?.xstate_bv]);
    expect(Array.from({ length: 64 }, (_, i) => area.readUInt32LE(160 + 4 * i))).toEqual(state?.xmm_space);
    expect(Array.from({ length: 64 }, (_, i) => area.readUInt32LE(576 + 4 * i))).toEqual(state?.xsave?.ymmh_space);
    expect(Array.from({ length: 128 }, (_, i) => area.readBigUInt64LE(1664 + 8 * i))).toEqual(state?.xsave?.hi16_zmm);
    expect(area.subarray(0, 464).equals(noteOf(notes, 'CORE', 2).subarray(0, 464))).toBe(true);
  });
});

/** A snapshot's images with the core images of some threads replaced. */
function withCores(snapshot: ContainerSnapshot, cores: ReadonlyMap<number, CoreEntry | undefined>): Pick<ContainerSnapshot, 'images'> {
  const sources = new Map<string, ByteSource>();
  for (const name of snapshot.images.names()) {
    const source = snapshot.images.open(name);
    if (source !== undefined) sources.set(name, source);
  }
  for (const [tid, core] of cores) {
    if (core === undefined) sources.delete(`core-${tid}.img`);
    else {
      const message = encodeMessage(imageTypes.CORE.message, core);
      const head = Buffer.alloc(12);
      [0x54564319, imageTypes.CORE.magic, message.length].forEach((word, i) => head.writeUInt32LE(word, 4 * i));
      sources.set(`core-${tid}.img`, memorySource(Buffer.concat([head, message])));
    }
  }
  return { images: imageFolder(sources) };
}

describe('a core file of threads that are not like those of the samples', () => {
  let snapshot: ContainerSnapshot;
  let process: Process;
  let core: CoreEntry;
  beforeAll(async () => {
    snapshot = sample('crio-loop.tar');
    process = processOf(snapshot, 1);
    core = await readCoreImage('core-1.img', snapshot.images);
  });

  it('has the registers of an aarch64 thread where the kernel puts them', async () => {
    const regs = Array.from({ length: 31 }, (_, i) => BigInt(i + 1));
    const vregs = Array.from({ length: 64 }, (_, i) => BigInt(1000 + i));
    const arm: CoreEntry = {
      ...core,
      mtype: 'AARCH64',
      thread_info: undefined,
      ti_aarch64: { clear_tid_addr: 0n, tls: 77n, gpregs: { regs, sp: 40n, pc: 41n, pstate: 42n }, fpsimd: { vregs, fpsr: 5, fpcr: 6 } },
    };
    const { file, report } = await coreOf(process, withCores(snapshot, new Map([[1, arm]])));
    const { machine, notes } = readCore(file);
    const status = noteOf(notes, 'CORE', 1);
    expect([machine, status.length, report.threadCount]).toEqual([183, 392, 1]);
    expect(Array.from({ length: 34 }, (_, i) => status.readBigUInt64LE(112 + 8 * i))).toEqual([...regs, 40n, 41n, 42n]);
    const fp = noteOf(notes, 'CORE', 2);
    expect([fp.length, fp.readBigUInt64LE(8 * 63), fp.readUInt32LE(512), fp.readUInt32LE(516)]).toEqual([528, 1063n, 5, 6]);
    expect(noteOf(notes, 'LINUX', 0x401).readBigUInt64LE(0)).toBe(77n);
  });

  it('names the main thread first, and leaves out with a gap a thread whose registers are not there', async () => {
    const [leader] = process.threads;
    if (leader === undefined) throw new Error('the sample has no thread');
    const threads = [9, 8, 1, 7].map((tid) => ({ ...leader, tid }));
    const bare = { ...core, thread_info: undefined };
    const { file, report } = await coreOf({ ...process, threads }, withCores(snapshot, new Map([[9, core], [8, undefined], [7, bare]])));
    const tids = readCore(file).notes.filter(({ type }) => type === 1).map(({ description }) => description.readUInt32LE(32));
    expect([tids, report.threadCount]).toEqual([[1, 9], 2]);
    expect(report.gaps.filter(({ subject }) => subject.startsWith('registers')).map(({ code, subject }) => [code, subject])).toEqual([
      ['missing', 'registers of thread 8'],
      ['malformed', 'registers of thread 7'],
    ]);
  });

  it('tells what of the extended state is not in it', async () => {
    const info = core.thread_info;
    const state = info?.fpregs.xsave;
    if (info === undefined || state === undefined) throw new Error('the sample has no XSAVE state');
    const changed = (xsave: typeof state | undefined): CoreEntry => ({ ...core, thread_info: { ...info, fpregs: { ...info.fpregs, xsave } } });
    const small = { ...state, opmask_reg: [], zmm_upper: [], hi16_zmm: [], pkru: [1], xstate_bv: 7n | (3n << 17n) };
    const cases: [CoreEntry, number | undefined, string[]][] = [
      [changed(undefined), undefined, ['not_captured']],
      [changed(small), 832, ['unsupported', 'not_captured']],
      [changed({ ...state, pkru: [1, 0], xstate_bv: 3n }), 2696, []],
      [changed({ ...state, ymmh_space: [1], xstate_bv: 3n }), 2688, ['malformed']],
    ];
    for (const [each, size, codes] of cases) {
      const { file, report } = await coreOf(process, withCores(snapshot, new Map([[1, each]])));
      expect(readCore(file).notes.find(({ type }) => type === 0x202)?.description.length).toBe(size);
      expect(report.gaps.filter(({ subject }) => subject.startsWith('vector')).map(({ code }) => code)).toEqual(codes);
    }
  });

  const in32BitMode = (entry: CoreEntry): CoreEntry => {
    const { thread_info: info } = entry;
    return info === undefined ? entry : { ...entry, thread_info: { ...info, gpregs: { ...info.gpregs, mode: 'COMPAT' } } };
  };
  const refusals: [string, string, (entry: CoreEntry) => CoreEntry | undefined][] = [
    ['of a machine without core files here', 'unsupported', (entry) => ({ ...entry, mtype: 'S390' })],
    ['that run in 32-bit mode', 'unsupported', in32BitMode],
    ['without a core image', 'missing', () => undefined],
    ['without registers', 'missing', (entry) => ({ ...entry, thread_info: undefined })],
  ];
  it.each(refusals)('is refused for threads %s, as %s', async (_what, code, change) => {
    let written = 0;
    const sink = { write: ({ length }: Uint8Array): Promise<void> => Promise.resolve(void (written += length)) };
    await expect(writeCore(process, withCores(snapshot, new Map([[1, change(core)]])), sink)).rejects.toMatchObject({ name: 'DamageError', code });
    expect(written).toBe(0);
  });

  it('is refused for a process without memory', async () => {
    await expect(coreOf({ ...process, memory: undefined, state: 'zombie' }, snapshot)).rejects.toMatchObject({ name: 'DamageError', code: 'missing' });
  });

  it('says in a section header how many segments it has, where the file header cannot', async () => {
    const [first] = process.mappings;
    const { memory } = process;
    if (first === undefined || memory === undefined) throw new Error('the sample has no memory');
    for (const count of [65533, 65534]) {
      const mappings = Array.from({ length: count }, (_, i) => ({ ...first, start: BigInt(i) << 21n, end: (BigInt(i) << 21n) + (1n << 20n) }));
      const areas = mappings.map(({ start, end }) => ({ start, end, backing: { kind: 'private', over: 'zeros' } as const }));
      const space = addressSpace(1, pageBytes, areas, { ...memory.pages, runs: [] });
      const { file } = await coreOf({ ...process, mappings, memory: space }, snapshot);
      expect([file.readUInt16LE(56), readCore(file).headers.length]).toEqual([Math.min(count + 1, 0xffff), count + 1]);
      expect(readCore(file).headers.at(-1)?.address).toBe(BigInt(count - 1) << 21n);
    }
  });
});
