import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { type CorpusArchive, corpusArchives, corpusNote } from '@icecore/conformance';
import { byMachine, bySteps } from './both-ways.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-proof-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The archive as the node wrote it: what is compressed for transport only is expanded. */
function asWritten({ path, name }: CorpusArchive): string {
  if (!path.endsWith('.transport.zst')) return path;
  const expanded = join(folder, `${basename(name)}.tar`);
  writeFileSync(expanded, zstdDecompressSync(readFileSync(path)));
  return expanded;
}

/** What an incremental dump builds on. */
function parentsOf({ name }: CorpusArchive): string[] {
  const before = name.endsWith('.final') ? corpusArchives.find((each) => each.name === name.replace(/\.final$/, '.pre1')) : undefined;
  return before === undefined ? [] : [asWritten(before)];
}

describe(`the state machine, over every archive (${corpusNote})`, () => {
  it.each(corpusArchives.map((archive) => [archive.name, archive] as const))('writes of %s byte for byte what its steps write when they are called by hand', async (name, archive) => {
    const [path, parents] = [asWritten(archive), parentsOf(archive)];
    const machine = await byMachine(path, parents, join(folder, 'lakes', name));
    expect(machine).toEqual(await bySteps(path, parents));
    expect(machine.lake.size).toBeGreaterThan(5);
  });
});
