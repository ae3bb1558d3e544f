import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { memorySource } from '@icecore/bytes';
import { imageFromJson, imageToJson } from './image-json.ts';
import { parseJson, stringifyJson } from './json-text.ts';

const samples = fileURLToPath(new URL('../../../samples/', import.meta.url));
/** Pages beyond this are the same as those before. */
const maxImageBytes = 1 << 20;

/** Plain files of a tar whose names fit their headers. */
function* filesOf(tar: Buffer): Generator<{ name: string; body: Buffer }> {
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const name = tar.toString('latin1', at, tar.indexOf(0, at));
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8);
    if (tar[at + 156] === 0x30) yield { name, body: tar.subarray(at + 512, at + 512 + size) };
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

function expanded(bytes: Buffer): Buffer {
  if (bytes.readUInt16BE(0) === 0x1f8b) return gunzipSync(bytes);
  return bytes.readUInt32LE(0) === 0xfd2fb528 ? zstdDecompressSync(bytes) : bytes;
}

function* imagesOf(tar: Buffer): Generator<{ name: string; body: Buffer }> {
  for (const { name, body } of filesOf(tar)) {
    if (name.startsWith('blobs/') && body[0] !== 0x7b) yield* imagesOf(expanded(body));
    else if (/(^|\/)[^/]+\.img$|stats-dump$/.test(name)) yield { name: name.slice(name.lastIndexOf('/') + 1), body };
  }
}

const viaText = async (name: string, bytes: Uint8Array): Promise<Uint8Array> =>
  imageFromJson(parseJson(stringifyJson(await imageToJson(memorySource(bytes), name))));

const archives = readdirSync(samples).filter((name) => /\.tar(\.|$)/.test(name));

describe('images of a real archive', () => {
  it.each(archives)('%s come back from JSON text byte for byte', async (archive) => {
    let count = 0;
    for (const { name, body } of imagesOf(expanded(readFileSync(samples + archive)))) {
      if (body.length > maxImageBytes) continue;
      expect([name, Buffer.compare(await viaText(name, body), body)]).toEqual([name, 0]);
      count += 1;
    }
    expect(count).toBeGreaterThan(20);
  });

  it('come back although they are cut, at any place', async () => {
    const [archive = ''] = archives;
    for (const { name, body } of imagesOf(expanded(readFileSync(samples + archive)))) {
      if (name !== 'pstree.img' && name !== 'pagemap-1.img') continue;
      for (let end = 8; end < body.length; end += 3) {
        const cut = body.subarray(0, end);
        expect([name, end, Buffer.compare(await viaText(name, cut), cut)]).toEqual([name, end, 0]);
      }
    }
  });
});

describe('JSON text', () => {
  it.each(['9007199254740993', '18446744073709551615', '-9223372036854775808', '9007199254740991', '0.5', '1e3'])('keeps the number %s', (number) => {
    expect(stringifyJson(parseJson(`{"n":${number}}`), 0)).toBe(`{"n":${number === '1e3' ? '1000' : number}}`);
  });

  it.each([
    [{}, /needs a magic/],
    [{ magic: 'NONE', entries: [] }, /no image known/],
    [{ magic: 'FS' }, /list of entries/],
    [{ magic: 'FS', entries: [{ cwd_id: 1 }] }, /entries\[0\]\.root_id is missing/],
    [{ magic: 'FS', entries: [{ cwd_id: 'x', root_id: 1 }] }, /entries\[0\]\.cwd_id: x is not a number/],
  ])('%j is refused with the field that is wrong', (json, reason) => {
    expect(() => imageFromJson(json)).toThrow(reason);
  });
});
