import { type ByteSource, memorySource, readAll } from '@icecore/bytes';
import { type ArchiveEntry } from '../entry.ts';
import { header, longName, member, pax, tar, writeNumber } from '../tar-builder.test-support.ts';
import { indexTar, type TarIndex } from './index-tar.ts';

const list = (bytes: Uint8Array): Promise<TarIndex> => indexTar(memorySource(bytes));

/** The only entry of a sound tar. */
async function only(bytes: Uint8Array): Promise<ArchiveEntry> {
  const { entries, gaps } = await list(bytes);
  expect(gaps).toEqual([]);
  expect(entries).toHaveLength(1);
  const [entry] = entries;
  if (entry === undefined) throw new Error('no entry');
  return entry;
}

const text = async (entry: ArchiveEntry): Promise<string> => Buffer.from(await readAll(entry.source)).toString('latin1');

describe('an entry', () => {
  it('has the fields of its header', async () => {
    const entry = await only(
      tar(member({ name: './a/b', mode: 0o104755, uid: 1000, gid: 2000, modifiedAt: 1795417964, userName: 'root', groupName: 'wheel' }, 'hello')),
    );
    expect(entry).toMatchObject({
      path: 'a/b',
      rawPath: './a/b',
      unsafe: false,
      type: 'file',
      mode: 0o4755,
      uid: 1000,
      gid: 2000,
      userName: 'root',
      groupName: 'wheel',
      size: 5,
      modifiedAt: 1795417964,
      linkTarget: undefined,
      headerOffset: 0,
    });
    expect(entry.extendedAttributes.size).toBe(0);
    expect(await text(entry)).toBe('hello');
  });

  it.each([
    ['0', 'file'],
    ['\0', 'file'],
    ['7', 'file'],
    ['1', 'hardlink'],
    ['2', 'symlink'],
    ['3', 'character_device'],
    ['4', 'block_device'],
    ['5', 'directory'],
    ['6', 'fifo'],
    ['s', 'socket'],
    ['V', 'unknown'],
  ])('of type flag %j is a %s', async (type, expected) => {
    expect((await only(tar(member({ name: 'x', type })))).type).toBe(expected);
  });

  it('has device numbers and a link target', async () => {
    expect(await only(tar(member({ name: 'x', type: '3', deviceMajor: 1, deviceMinor: 3 })))).toMatchObject({ deviceMajor: 1, deviceMinor: 3 });
    expect(await only(tar(member({ name: 'x', type: '2', linkName: '../y' })))).toMatchObject({ linkTarget: '../y', type: 'symlink' });
  });

  it('of a link has no body, whatever its size says', async () => {
    const { entries, gaps } = await list(tar(header({ name: 'x', type: '1', linkName: 'y', size: 4096 }), member({ name: 'z' }, 'z')));
    expect(entries.map(({ path, size }) => [path, size])).toEqual([
      ['x', 0],
      ['z', 1],
    ]);
    expect(gaps).toEqual([]);
  });

  it('of an old tar is a directory where its name ends with a slash', async () => {
    expect(await only(tar(member({ name: 'etc/', type: '\0', format: 'v7' })))).toMatchObject({ path: 'etc', type: 'directory', userName: '' });
  });

  it('takes the ustar prefix, and not the times that GNU keeps there', async () => {
    expect((await only(tar(member({ name: 'core-1.img', prefix: 'deep/checkpoint' })))).path).toBe('deep/checkpoint/core-1.img');
    expect((await only(tar(member({ name: 'core-1.img', prefix: '15263512354', format: 'gnu' })))).path).toBe('core-1.img');
  });

  it('takes GNU long names and link targets', async () => {
    const name = 'n'.repeat(300);
    const target = 't'.repeat(700);
    const entry = await only(tar(longName(target, 'K'), longName(name), member({ name: 'cut', type: '2', linkName: 'cut' })));
    expect(entry).toMatchObject({ path: name, linkTarget: target, headerOffset: 512 + 1024 + 1024 });
  });

  it('takes base-256 numbers', async () => {
    const entry = await only(tar(member({ name: 'x', uid: 2 ** 31, modifiedAt: -5, patch: (block) => writeNumber(block, 124, 12, 2) }, 'ab')));
    expect(entry).toMatchObject({ uid: 2 ** 31, modifiedAt: -5, size: 2 });
  });

  it('is found by a checksum over signed bytes too', async () => {
    expect((await only(tar(member({ name: 'ärger', signedChecksum: true })))).path).toBe('ärger');
  });

  it.each([
    ['/etc/passwd', 'etc/passwd'],
    ['../../etc/passwd', 'etc/passwd'],
  ])('named %s is marked unsafe', async (name, path) => {
    expect(await only(tar(member({ name })))).toMatchObject({ path, rawPath: name, unsafe: true });
  });
});

describe('a pax header', () => {
  it('overrules the header of its entry and no other', async () => {
    const records = [
      ['path', 'p/ä'],
      ['linkpath', 'l'],
      ['size', '3'],
      ['mtime', '1795417964.25'],
      ['uid', '4294967294'],
      ['gid', '7'],
      ['uname', 'jörg'],
      ['gname', 'g'],
      ['SCHILY.xattr.security.capability', Uint8Array.of(1, 0, 0x0a, 0xff)],
      ['LIBARCHIVE.xattr.user.a%20b', 'aGk='],
      ['comment', 'ignored'],
    ] as const;
    const { entries, gaps } = await list(tar(pax(records), member({ name: 'cut', size: 0, uid: 1 }), member({ name: 'abc' }), member({ name: 'next' })));
    expect(gaps.map(({ reason }) => reason)).toEqual([]);
    expect(entries[0]).toMatchObject({ path: 'p/ä', size: 3, modifiedAt: 1795417964.25, uid: 4294967294, gid: 7, userName: 'jörg', groupName: 'g' });
    expect(entries[0]?.extendedAttributes).toEqual(
      new Map([
        ['security.capability', Uint8Array.of(1, 0, 0x0a, 0xff)],
        ['user.a b', Uint8Array.of(0x68, 0x69)],
      ]),
    );
    expect(entries.at(-1)).toMatchObject({ path: 'next', uid: 0, userName: '' });
    expect(entries.at(-1)?.extendedAttributes.size).toBe(0);
  });

  it('may hold for all that follows, until an empty value takes it back', async () => {
    const { entries } = await list(
      tar(
        pax([['uname', 'all']], 'g'),
        member({ name: 'a' }),
        pax([['uname', 'own']]),
        member({ name: 'b' }),
        pax([['uname', '']]),
        member({ name: 'c', userName: 'header' }),
        member({ name: 'd' }),
      ),
    );
    expect(entries.map(({ userName }) => userName)).toEqual(['all', 'own', 'header', 'all']);
  });

  it.each([
    ['a record of no length', member({ name: 'x', type: 'x' }, 'path=evil\n'), /record at 0/],
    ['a record longer than the header', member({ name: 'x', type: 'x' }, '99 path=evil\n'), /record at 0/],
    ['a record without an end', member({ name: 'x', type: 'x' }, '13 path=evil.'), /record at 0/],
    ['a size that is none', pax([['size', '-5']]), /size.*"-5"/],
    ['a size past 53 bits', pax([['size', '99999999999999999999']]), /size/],
    ['a time that is none', pax([['mtime', 'now']]), /mtime.*"now"/],
  ])('with %s leaves a gap and the entry as its header has it', async (_, broken, reason) => {
    const { entries, gaps } = await list(tar(broken, member({ name: 'a' }, 'body')));
    expect(entries).toMatchObject([{ path: 'a', size: 4 }]);
    expect(gaps).toMatchObject([{ code: 'malformed', place: { offset: 0 } }]);
    expect(gaps[0]?.reason).toMatch(reason);
  });
});

describe('a sparse file', () => {
  const expected = `${'\0'.repeat(1000)}abc${'\0'.repeat(997)}defg${'\0'.repeat(996)}`;
  const gnu = (runs: readonly (readonly [number, number])[], realSize: number, body: string, more = false): Buffer =>
    member(
      {
        name: 'sparse',
        type: 'S',
        format: 'gnu',
        patch: (block) => {
          runs.forEach(([offset, length], i) => {
            writeNumber(block, 386 + i * 24, 12, offset);
            writeNumber(block, 398 + i * 24, 12, length);
          });
          block[482] = more ? 1 : 0;
          writeNumber(block, 483, 12, realSize);
        },
      },
      body,
    );
  const extension = (runs: readonly (readonly [number, number])[]): Buffer => {
    const block = Buffer.alloc(512);
    runs.forEach(([offset, length], i) => {
      writeNumber(block, i * 24, 12, offset);
      writeNumber(block, 12 + i * 24, 12, length);
    });
    return block;
  };
  const inBody = Buffer.concat([Buffer.from('3\n1000\n3\n2000\n4\n3000\n0\n'.padEnd(512, '\0')), Buffer.from('abcdefg')]);

  it.each([
    ['GNU', gnu([[1000, 3], [2000, 4], [3000, 0]], 3000, 'abcdefg')],
    [
      'pax 0.0',
      Buffer.concat([
        pax([
          ['GNU.sparse.size', '3000'],
          ['GNU.sparse.numblocks', '2'],
          ['GNU.sparse.offset', '1000'],
          ['GNU.sparse.numbytes', '3'],
          ['GNU.sparse.offset', '2000'],
          ['GNU.sparse.numbytes', '4'],
        ]),
        member({ name: 'sparse' }, 'abcdefg'),
      ]),
    ],
    [
      'pax 0.1',
      Buffer.concat([
        pax([
          ['GNU.sparse.size', '3000'],
          ['GNU.sparse.name', 'sparse'],
          ['GNU.sparse.map', '1000,3,2000,4'],
        ]),
        member({ name: 'GNUSparseFile.1/sparse' }, 'abcdefg'),
      ]),
    ],
    [
      'pax 1.0',
      Buffer.concat([
        pax([
          ['GNU.sparse.major', '1'],
          ['GNU.sparse.minor', '0'],
          ['GNU.sparse.realsize', '3000'],
          ['GNU.sparse.name', 'sparse'],
        ]),
        member({ name: 'GNUSparseFile.1/sparse' }, inBody),
      ]),
    ],
  ])('of %s reads with its holes', async (_, bytes) => {
    const entry = await only(tar(bytes));
    expect(entry).toMatchObject({ path: 'sparse', type: 'file', size: 3000 });
    expect(await text(entry)).toBe(expected);
  });

  it('of GNU may have a map longer than its header', async () => {
    const runs = Array.from({ length: 30 }, (_, i): [number, number] => [i * 100, 1]);
    const body = Array.from({ length: 30 }, (_, i) => String.fromCharCode(65 + i)).join('');
    const first = gnu(runs.slice(0, 4), 3000, '', true).subarray(0, 512);
    const sized = header({ name: 'sparse', type: 'S', format: 'gnu', size: 30, patch: (block) => first.copy(block, 386, 386, 495) });
    const second = extension(runs.slice(4, 25));
    second[504] = 1;
    const { entries, gaps } = await list(tar(sized, second, extension(runs.slice(25)), Buffer.from(body.padEnd(512, '\0')), member({ name: 'next' })));
    expect(gaps).toEqual([]);
    expect(entries.map(({ path }) => path)).toEqual(['sparse', 'next']);
    const read = Buffer.from(await readAll(entries[0]!.source));
    expect(runs.map(([offset]) => String.fromCharCode(read[offset]!)).join('')).toBe(body);
    expect(read.filter((byte) => byte !== 0)).toHaveLength(30);
  });

  it.each([
    ['runs past its end', gnu([[2999, 7]], 3000, 'abcdefg'), /3006 of 3000/],
    ['runs that overlap', gnu([[10, 4], [12, 3]], 3000, 'abcdefg'), /does not fit/],
    ['runs of more than is stored', gnu([[0, 8]], 3000, 'abcdefg'), /8 bytes, 7/],
    ['no size', Buffer.concat([pax([['GNU.sparse.map', '0,7']]), member({ name: 'sparse' }, 'abcdefg')]), /states no size/],
    ['a map of no numbers', Buffer.concat([pax([['GNU.sparse.major', '1'], ['GNU.sparse.realsize', '9']]), member({ name: 'sparse' }, 'x\ny\n'.padEnd(512))]), /no number/],
  ])('with %s is listed, named in a gap and refuses to be read', async (_, bytes, reason) => {
    const { entries, gaps } = await list(tar(bytes, member({ name: 'next' })));
    expect(entries.map(({ path }) => path)).toEqual(['sparse', 'next']);
    expect(gaps).toMatchObject([{ code: 'malformed', place: { entry: 'sparse' } }]);
    expect(gaps[0]?.reason).toMatch(reason);
    await expect(entries[0]?.source.read(0, 1)).rejects.toMatchObject({ name: 'DamageError' });
  });
});

describe('reading', () => {
  /** A tar of huge bodies that does not exist beyond its headers. */
  function virtualTar(bodies: readonly number[]): ByteSource & { reads: number; bytes: number } {
    const headers = new Map<number, Buffer>();
    let size = 0;
    bodies.forEach((body, i) => {
      headers.set(size, header({ name: `pages-${i}.img`, size: body }));
      size += 512 + Math.ceil(body / 512) * 512;
    });
    return {
      size: size + 1024,
      reads: 0,
      bytes: 0,
      read(start, end) {
        this.reads += 1;
        this.bytes += end - start;
        const target = Buffer.alloc(end - start);
        for (const [offset, block] of headers) if (offset >= start && offset < end) block.copy(target, offset - start);
        return Promise.resolve(target);
      },
    };
  }

  it('passes over the bodies of a few large entries', async () => {
    const source = virtualTar(Array.from({ length: 14 }, () => 80 * 2 ** 20));
    const { entries, gaps } = await indexTar(source);
    expect(entries).toHaveLength(14);
    expect(gaps).toEqual([]);
    expect(source.reads).toBeLessThanOrEqual(15);
    expect(source.bytes).toBeLessThan(2 ** 20);
  });

  it('takes many small entries in few reads', async () => {
    const source = virtualTar(Array.from({ length: 2000 }, () => 3000));
    expect((await indexTar(source)).entries).toHaveLength(2000);
    expect(source.reads).toBeLessThan(10);
  });

  it('reads little again once small entries are followed by large ones', async () => {
    const small = Array.from({ length: 2000 }, () => 3000);
    const source = virtualTar([...small, ...Array.from({ length: 14 }, () => 80 * 2 ** 20)]);
    expect((await indexTar(source)).entries).toHaveLength(2014);
    expect(source.bytes).toBeLessThan(16 * 2 ** 20);
  });

  it('takes sizes past 4 GiB', async () => {
    const { entries } = await indexTar(virtualTar([2 ** 41, 5]));
    expect(entries.map(({ size, headerOffset }) => [size, headerOffset])).toEqual([
      [2 ** 41, 0],
      [5, 2 ** 41 + 512],
    ]);
  });

  it('stops when told to', async () => {
    const signal = AbortSignal.abort();
    await expect(indexTar(virtualTar([1, 2]), { signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('throws on what is wrong with the source and not with the archive', async () => {
    const source: ByteSource = { size: 4096, read: () => Promise.reject(new Error('connection reset')) };
    await expect(indexTar(source)).rejects.toThrow('connection reset');
  });
});
