import { imageFromJson, imageToJson, type JsonValue, parseJson, rawImageTypeByName, stringifyJson } from '@icecore/criu';
import { readAll } from '@icecore/bytes';
import { shown } from './against-truth.test-support.ts';
import { comparison } from './comparison.ts';
import { corpusArchives, corpusNote, openCapture } from './corpus.ts';
import { explanationsFor } from './explanations.ts';

/** Pages are compared by content elsewhere; the other two are no images. */
const notImages = /^(pages-\d+\.img|descriptors\.json|parent)$/;

describe(`images (${corpusNote})`, () => {
  const explanations = explanationsFor('images');
  for (const corpusArchive of corpusArchives) {
    it(`come back from JSON as the same bytes, with every field known: ${corpusArchive.name}`, async () => {
      const { archive } = await openCapture(corpusArchive);
      const facts = comparison();
      for (const [name, { source }] of archive.images()) {
        if (notImages.test(name)) continue;
        const bytes = await readAll(source);
        const json = parseJson(stringifyJson(await imageToJson(source, name)));
        facts.check(name, 'bytes', Buffer.from(bytes).toString('hex'), Buffer.from(imageFromJson(json)).toString('hex'));
        if (rawImageTypeByName(name) === undefined) facts.check(name, 'keys outside the schema', [], [...markers(json)]);
      }
      expect(shown(explanations.unexplained(corpusArchive.name, facts.differences))).toEqual([]);
      expect(facts.compared).toBeGreaterThan(2);
    });
  }
  it('have no explanation that explains nothing', () => {
    expect(explanations.unused()).toEqual([]);
  });
});

/** Keys by which JSON says that the schema does not cover the image: `$unknown`, `$wire`, `$gap`, `$rest`. */
function markers(json: JsonValue): Set<string> {
  const found = new Set<string>();
  const look = (value: JsonValue): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, each] of Object.entries(value)) {
      if (key.startsWith('$')) found.add(key);
      look(each);
    }
  };
  look(json);
  return found;
}
