import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memorySpool, openArchive } from '@icecore/archive';
import { memorySource } from '@icecore/bytes';
import { secretKey } from '@icecore/secrets';
import { openSnapshot } from '@icecore/snapshot';
import fc from 'fast-check';
import { type Block, blockBytes, blockScanner, joinScans, planScan, type ScanHit, type ScanPlan, scanAll, scanBlocks, type Stretch, parseWatchList } from './index.ts';

const key = secretKey(new Uint8Array(32).fill(7));
const text = (hits: readonly ScanHit[]): string => JSON.stringify(hits, (_name, value: unknown) => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value));
const sample = (name: string): Uint8Array => readFileSync(fileURLToPath(new URL(`../../../samples/${name}`, import.meta.url)));

async function planOf(name: string): Promise<ScanPlan> {
  const options = { spool: memorySpool() };
  const archive = await openArchive(memorySource(sample(name)), options);
  return planScan(await openSnapshot(archive, options), archive);
}

/** Bytes as a stretch of memory of one process from an address on. */
function stretchOf(bytes: Buffer, address = 0x10_0000n): Stretch {
  return {
    length: bytes.length,
    pageBytes: 4096,
    subject: 'test',
    placeOf: (offset) => ({ kind: 'memory', owners: [{ pid: 1, address: address + BigInt(offset) }], region: 'heap', permissions: 'rw-p', image: 'pages-1.img', offset }),
    read: async (target, offset) => void target.set(bytes.subarray(offset, offset + target.length)),
  };
}

async function hitsIn(bytes: Buffer, options = {}): Promise<readonly ScanHit[]> {
  const scanner = blockScanner({ key, ...options });
  const stretch = stretchOf(bytes);
  const hits: ScanHit[] = [];
  for (let start = 0; start < bytes.length; start += blockBytes) {
    const block: Block = { stretch, start, end: Math.min(bytes.length, start + blockBytes) };
    hits.push(...(await scanner.scan(block)).hits);
  }
  return hits;
}

const found = (hits: readonly ScanHit[]): string[] =>
  hits.map((hit) => (hit.kind === 'indicator' ? `${hit.type} ${hit.value}` : hit.kind === 'secret' ? `secret ${hit.secret.rule} ${hit.secret.validity}` : hit.kind === 'magic' ? `magic ${hit.format}` : hit.kind === 'keyword' ? `${hit.list} ${hit.word}` : hit.kind === 'watch' ? `watch ${hit.indicator}` : hit.kind));
const padded = (content: string | Buffer): Buffer => Buffer.concat([Buffer.alloc(300, 1), Buffer.from(content), Buffer.alloc(300, 2)]);
const wide = (content: string): Buffer => Buffer.from(content, 'utf16le');

describe('what is recognised in memory', () => {
  it.each<[string, string, string[]]>([
    ['a URL and its host', 'GET https://Evil.Example.com:8443/a?b=c#d). next', ['domain evil.example.com', 'url https://evil.example.com:8443/a?b=c#d']],
    ['a URL with a password', 'postgres://bob:hunter22@db.internal:5432/x', ['secret url_password form_only', 'url postgres://bob:‹secret:url_password:']],
    ['a URL of an address', '"http://203.0.113.9/x.sh"', ['ipv4 203.0.113.9', 'url http://203.0.113.9/x.sh']],
    ['a domain', ' connect c2.attacker.top now', ['domain c2.attacker.top']],
    ['an onion', 'x duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion y', ['onion duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion']],
    ['an address', 'peer=198.51.100.23, port', ['ipv4 198.51.100.23']],
    ['an e-mail address', 'To: <jane.doe+x@mail.example.org>', ['email jane.doe+x@mail.example.org', 'domain mail.example.org']],
    ['a SHA-256', `hash ${'0123456789abcdef'.repeat(3)}fedcba9876543210 end`, [`sha256 ${'0123456789abcdef'.repeat(3)}fedcba9876543210`]],
    ['an MD5', 'md5=9e107d9d372bb6826bd81d3542a419d6;', ['md5 9e107d9d372bb6826bd81d3542a419d6']],
    ['a Bitcoin address', 'pay 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa now', ['wallet bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa']],
    ['a newer Bitcoin address', 'pay bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 now', ['wallet bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4']],
    ['an Ethereum address', 'to 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed;', ['wallet ethereum:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed']],
    ['a pool', 'xmrig -o stratum+tcp://pool.example.net:3333', ['mining_pool stratum+tcp://pool.example.net:3333', 'miner stratum+tcp://', 'miner xmrig', 'domain pool.example.net']],
    ['a documented key', 'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE', ['secret aws_access_key_id example']],
    ['a metadata request', 'GET /latest/meta-data/iam/security-credentials', ['cloud_metadata latest/meta-data/iam']],
  ])('%s', async (_what, content, expected) => {
    for (const bytes of [padded(content), padded(wide(content))]) {
      const all = found(await hitsIn(bytes));
      for (const each of expected) expect(all.some((one) => one.startsWith(each))).toBe(true);
    }
  });

  it.each([
    ['a version', 'nginx version 1.24.0.1 of 10.2.3.4.5'],
    ['a file of Python', 'import foo.bar; self.name; x.py; y.so'],
    ['this host', 'listen 127.0.0.1:80 and 0.0.0.0'],
    ['a mask', '255.255.255.0'],
    ['npm’s packages', 'node_modules/@types/node@24.19.2'],
    ['a wallet whose checksum does not hold', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb'],
    ['an Ethereum address whose letters do not hold', '0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
    ['numbers of a hash’s length', '12345678901234567890123456789012'],
    ['a key id that is a part of a word', 'xAKIAQQQ2QQQ3QQQ4QQQ5'],
    ['the hash of nothing', 'd41d8cd98f00b204e9800998ecf8427e'],
  ])('and not %s', async (_what, content) => {
    expect(found(await hitsIn(padded(content)))).toEqual([]);
  });

  it('file formats where a page begins, with a header that makes sense', async () => {
    const elf = readFileSync(process.execPath).subarray(0, 512);
    const page = (content: Buffer): Buffer => Buffer.concat([content, Buffer.alloc(4096 - content.length)]);
    const bytes = Buffer.concat([page(elf), page(Buffer.from('#!/bin/sh -e\necho\n')), page(Buffer.concat([Buffer.alloc(8), elf])), page(Buffer.from('\x7fELF but no header', 'latin1'))]);
    expect((await hitsIn(bytes)).flatMap((hit) => (hit.kind === 'magic' ? [`${hit.format} ${hit.place.offset}`] : []))).toEqual(['elf 0', 'script 4096']);
  });

  it('expanded AES keys of all sizes, and none in data that only looks alike', async () => {
    // FIPS 197, appendix A: the first words of each expansion, made here by the rule of the standard.
    for (const size of [16, 24, 32]) {
      const schedule = expanded(createHash('sha512').update(`key ${size}`).digest().subarray(0, size));
      const hits = await hitsIn(Buffer.concat([Buffer.alloc(4100), schedule, Buffer.alloc(4096)]));
      expect(hits.flatMap((hit) => (hit.kind === 'key_schedule' ? [`${hit.algorithm} ${hit.place.offset}`] : []))).toEqual([`aes-${size * 8} 4100`]);
    }
    expect(found(await hitsIn(Buffer.alloc(65536, 0x5a)))).toEqual([]);
  });

  it('the user’s own indicators, however they are written', async () => {
    const watch = parseWatchList('# list\nevil[.]example[.]com\n203.0.113.7\nstring: not a host \n9e107d9d372bb6826bd81d3542a419d6 # a file\n');
    const hits = await hitsIn(padded('evil.example.com and 203.0.113.7 and 9e107d9d372bb6826bd81d3542a419d6'), { watch });
    expect(found(hits).filter((each) => each.startsWith('watch'))).toEqual(['watch evil.example.com', 'watch 203.0.113.7', 'watch 9e107d9d372bb6826bd81d3542a419d6']);
    expect(() => parseWatchList('ok.example.com\nab')).toThrow('line 2');
  });

  it('is every indicator of a long list, at each place where it stands', async () => {
    const indicators = Array.from({ length: 1500 }, (_none, i) => (i % 3 === 0 ? `203.0.${i % 251}.${i % 199}` : i % 3 === 1 ? `q${i}z-${(i * 7919) % 997}.evil-${i % 7}.net` : `~K${i}^${(i * 31) % 89}`));
    const listed = [...new Set(indicators)];
    const hits = await hitsIn(padded(listed.join(' | ')), { watch: parseWatchList(listed.join('\n')) });
    const seen = new Set(hits.flatMap((hit) => (hit.kind === 'watch' ? [hit.indicator] : [])));
    expect(listed.filter((indicator) => !seen.has(indicator))).toEqual([]);
  });

  it('marks words of many lists in one place as the rules of a scanner', async () => {
    const rules = 'xmrig stratum+tcp:// chisel client latest/meta-data/iam /dev/tcp/ libprocesshider linpeas HISTFILE=/dev/null nsenter -t 1';
    const [one] = (await hitsIn(padded(rules))).filter((hit) => hit.kind === 'keyword');
    expect(one).toMatchObject({ ruleCorpus: true });
    const [alone] = (await hitsIn(padded('xmrig --donate-level 1'))).filter((hit) => hit.kind === 'keyword');
    expect(alone).toMatchObject({ ruleCorpus: false });
  });
});

function expanded(key: Buffer): Buffer {
  const words = key.length / 4;
  const all: number[] = Array.from({ length: words }, (_, i) => key.readUInt32BE(4 * i));
  const box = (byte: number): number => {
    let inverse = 0;
    for (let i = 1; i < 256 && byte !== 0; i++) if (times(byte, i) === 1) inverse = i;
    let result = 0x63;
    for (let shift = 0; shift < 5; shift++) result ^= ((inverse << shift) | (inverse >>> (8 - shift))) & 0xff;
    return result;
  };
  const sub = (word: number): number => Buffer.from([24, 16, 8, 0].map((shift) => box((word >>> shift) & 0xff))).readUInt32BE(0);
  let round = 1;
  for (let i = words; i < 4 * (words + 7); i++) {
    let word = all[i - 1] ?? 0;
    if (i % words === 0) {
      word = (sub(((word << 8) | (word >>> 24)) >>> 0) ^ (round << 24)) >>> 0;
      round = times(round, 2);
    } else if (words > 6 && i % words === 4) word = sub(word);
    all.push((word ^ (all[i - words] ?? 0)) >>> 0);
  }
  const bytes = Buffer.alloc(4 * all.length);
  all.forEach((word, i) => bytes.writeUInt32BE(word, 4 * i));
  return bytes;
}

function times(a: number, b: number): number {
  let product = 0;
  for (let i = 0, x = a; i < 8; i++, x = (x << 1) ^ (x & 0x80 ? 0x11b : 0)) if ((b >>> i) & 1) product ^= x;
  return product & 0xff;
}

describe('wherever a secret or an indicator stands, it is found once', () => {
  const scanner = blockScanner({ key });
  it('across every border of blocks, in both encodings', async () => {
    const needles = ['https://c2.example.org/path', 'AKIAIOSFODNN7EXAMPLE', '203.0.113.99', 'root@mail.example.com'];
    const size = 2 * blockBytes + 5000;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...needles), fc.boolean(), fc.oneof(fc.integer({ min: 0, max: size - 200 }), fc.integer({ min: blockBytes - 80, max: blockBytes + 80 })), async (needle, isWide, at) => {
        const bytes = Buffer.alloc(size);
        const content = isWide ? wide(needle) : Buffer.from(needle);
        content.copy(bytes, at);
        const stretch = stretchOf(bytes);
        const hits: ScanHit[] = [];
        for (let start = 0; start < size; start += blockBytes) hits.push(...(await scanner.scan({ stretch, start, end: Math.min(size, start + blockBytes) })).hits);
        const main = hits.filter((hit) => (hit.kind === 'secret' ? needle.startsWith('AKIA') : hit.kind === 'indicator' && needle.toLowerCase() === hit.value));
        expect(main).toHaveLength(1);
        expect(main[0]?.place.offset).toBe(at);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('and text of every kind of byte does no harm', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 5000 }), async (bytes) => {
        await hitsIn(Buffer.from(bytes));
      }),
      { numRuns: 100 },
    );
    for (const piece of ['SK', '-----BEGIN PRIVATE KEY-----', 'eyJ', '://', 'a.com.', '@a.b', ':AA', '$6$', '0.1.2.3.']) {
      const before = performance.now();
      await hitsIn(Buffer.alloc(blockBytes, piece));
      expect(performance.now() - before).toBeLessThan(8000);
    }
  }, 120_000);
});

describe('the same hits, byte for byte', () => {
  it.each(['podman-attack.tar.zst', 'crio-loop.tar'])('of %s, from one range, from every block by itself, and from fifty', async (name) => {
    const plan = await planOf(name);
    const whole = await scanBlocks(plan, 0, plan.blockCount, { key });
    expect(whole.scannedBytes).toBe(plan.totalBytes);
    for (const ranges of [plan.blockCount, 50, 3]) {
      const parts = [];
      for (let i = 0; i < ranges; i++) {
        const [from, to] = [i, i + 1].map((at) => Math.floor((at * plan.blockCount) / ranges));
        parts.push(await scanBlocks(plan, from ?? 0, to ?? 0, { key }));
      }
      const joined = joinScans(parts);
      expect(text(joined.hits)).toBe(text(whole.hits));
      expect(joined.runs).toEqual(whole.runs);
    }
  }, 60_000);

  it('finds in the attack what its truth tells, at the addresses that it tells', async () => {
    const plan = await planOf('podman-attack.tar.zst');
    const { hits } = await scanAll(plan, { key });
    const truth: { processes: { ns_pid: number; needles: { needle: string; vaddr: string }[] }[] } = JSON.parse(Buffer.from(sample('truth/podman-attack.truth.json')).toString('utf8'));
    const secrets = hits.filter((hit) => hit.kind === 'secret').flatMap((hit) => (hit.place.kind === 'memory' ? hit.place.owners.map(({ pid, address }) => `${pid} 0x${address.toString(16)}`) : []));
    let compared = 0;
    for (const { ns_pid, needles } of truth.processes) {
      for (const { needle, vaddr } of needles.filter((each) => each.needle.startsWith('AKIA'))) {
        expect(secrets).toContain(`${ns_pid} 0x${vaddr}`);
        compared += needle.length;
      }
    }
    expect(compared).toBeGreaterThan(0);
  }, 60_000);
});
