import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { indexTar } from '@icecore/archive';
import { type ByteSource, decodeText, memorySource, readAll } from '@icecore/bytes';
import { imageToJson, type JsonValue, parseJson, rawImageTypeByName, stringifyJson } from '@icecore/criu';
import { shown } from './against-truth.test-support.ts';
import { type Comparison, comparison } from './comparison.ts';
import { corpusArchives, corpusNote, openCapture } from './corpus.ts';
import { explanationsFor } from './explanations.ts';

/** No images, although they lie among them. */
const notDecoded = /^(descriptors\.json|parent)$/;

describe(`what the reference decoder reads from images (${corpusNote})`, () => {
  const explanations = explanationsFor('crit');
  const decoded = corpusArchives.filter(({ decodedPath }) => decodedPath !== undefined);
  if (decoded.length === 0) it.todo('is compared where a corpus with its output is at hand');
  for (const corpusArchive of decoded) {
    it(`is what icecore reads, field for field: ${corpusArchive.name}`, async () => {
      const { archive } = await openCapture(corpusArchive);
      const facts = comparison();
      const seen = new Set<string>();
      for (const [decodedName, text] of await decodedImages(corpusArchive.decodedPath ?? '')) {
        const name = archive.imagesPrefix === 'pre-checkpoint/' ? decodedName.replace(/^pre-/, '') : decodedName;
        seen.add(name);
        const source = [`${archive.imagesPrefix}${name}.img`, `${archive.imagesPrefix}${name}`, name].map((path) => archive.entries.get(path)?.source).find((each) => each !== undefined);
        facts.check(name, 'image', true, source !== undefined);
        if (source !== undefined) compareJson(name, '', parseJson(text), await ownJson(source, name), facts);
      }
      for (const name of archive.images().keys()) {
        if (!notDecoded.test(name) && rawImageTypeByName(name) === undefined) facts.check(name, 'in the reference', true, seen.has(name.replace(/\.img$/, '')));
      }
      expect(shown(explanations.unexplained(corpusArchive.name, facts.differences))).toEqual([]);
      expect(facts.compared).toBeGreaterThan(10);
    });
  }
  it('has no explanation that explains nothing', () => {
    expect(explanations.unused()).toEqual([]);
  });
});

async function ownJson(source: ByteSource, name: string): Promise<JsonValue> {
  return parseJson(stringifyJson(await imageToJson(source, `${name}.img`)));
}

async function decodedImages(path: string): Promise<[string, string][]> {
  const { entries } = await indexTar(memorySource(zstdDecompressSync(readFileSync(path))), {});
  const images: [string, string][] = [];
  for (const entry of entries) {
    if (entry.path.endsWith('.json')) images.push([basename(entry.path, '.json'), decodeText(await readAll(entry.source))]);
  }
  return images;
}

/** Compares leaf by leaf; indexes of lists are left out of the field's name, so that explanations cover all entries. */
function compareJson(image: string, field: string, truth: JsonValue | undefined, icecore: JsonValue | undefined, facts: Comparison): void {
  if (isBranch(truth) && isBranch(icecore)) {
    const lists = Array.isArray(truth);
    const [theirs, own] = [new Map(Object.entries(truth)), new Map(Object.entries(icecore))];
    for (const key of new Set([...theirs.keys(), ...own.keys()])) compareJson(image, lists ? `${field}[]` : `${field}.${key}`, theirs.get(key), own.get(key), facts);
  } else facts.check(image, field, withoutBreaks(truth), withoutBreaks(icecore));
}

function isBranch(value: JsonValue | undefined): value is Extract<JsonValue, object> {
  return typeof value === 'object' && value !== null;
}

/** The reference decoder breaks base64 into lines. */
function withoutBreaks(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === 'string' ? value.replaceAll('\n', '') : value;
}
