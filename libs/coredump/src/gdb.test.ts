import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hex, untilNul } from '@icecore/bytes';
import { auxvTag } from '@icecore/linux';
import type { Process } from '@icecore/snapshot';
import { coreOf, processOf, snapshotOf } from './sample-core.test-support.ts';

const hasGdb = spawnSync('gdb', ['--version']).status === 0;
const withGdb = hasGdb ? it : it.skip;
if (!hasGdb) console.warn('gdb is not installed (Debian package gdb): core files are not tried with it');

/** Text of memory up to its NUL. */
async function textAt({ memory }: Process, address: bigint): Promise<string> {
  const read = await memory?.read(address, 64);
  return Buffer.from(untilNul(read?.bytes ?? new Uint8Array())).toString();
}

describe('gdb', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'icecore-core-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What gdb prints; mapped files are looked for in the empty folder, not on this machine. */
  const gdb = (file: Buffer, commands: readonly string[]): string => {
    const path = join(folder, 'core');
    writeFileSync(path, file);
    const options = ['--nx', '--batch', '-iex', `set sysroot ${folder}`, ...commands.flatMap((each) => ['-ex', each])];
    const { stdout, stderr } = spawnSync('gdb', [...options, '-c', path], { encoding: 'utf8' });
    return stdout + stderr;
  };

  const cases = [
    ['podman-attack.tar.zst', 1],
    ['podman-attack.tar.zst', 23],
    ['podman-loop.tar.zst', 1],
    ['crio-loop.tar', 1],
  ] as const;

  for (const [name, pid] of cases) {
    withGdb(`shows process ${pid} of ${name} as the snapshot has it`, async () => {
      const snapshot = await snapshotOf(readFileSync(new URL(`../../../samples/${name}`, import.meta.url)));
      const process = processOf(snapshot, pid);
      const { file } = await coreOf(process, snapshot);
      const registers = process.threads[0]?.registers;
      const path = process.auxiliaryVector.get(auxvTag.execfn) ?? 0n;
      const entry = process.auxiliaryVector.get(auxvTag.entry) ?? 0n;
      const kernelsOwn = process.mappings.find((mapping) => mapping.name === '[vvar]')?.start ?? 0n;
      const commands = ['info threads', 'info registers rip rsp', `x/s ${hex(path)}`, 'info auxv', `x/1bx ${hex(kernelsOwn)}`, 'p $xmm0.uint128'];
      const shown = gdb(file, commands);
      expect(shown).toContain(`* 1    LWP ${pid} `);
      expect(shown).toMatch(new RegExp(`^rip +${hex(registers?.instructionPointer ?? 0n)} `, 'm'));
      expect(shown).toMatch(new RegExp(`^rsp +${hex(registers?.stackPointer ?? 0n)} `, 'm'));
      expect(shown).toContain(`${hex(path)}:\t"${await textAt(process, path)}"`);
      expect(shown).toMatch(new RegExp(`AT_ENTRY .* ${hex(entry)}$`, 'm'));
      expect(shown).toContain(`Cannot access memory at address ${hex(kernelsOwn)}`);
      expect(shown).not.toMatch(/not a core|too small|unexpected size|malformed|truncated/i);
    }, 30_000);
  }
});
