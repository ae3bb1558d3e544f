import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { attack, icecore, loop, truthFile } from './run.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Truth {
  readonly processes: readonly { readonly ns_pid: number; readonly exe: string; readonly exe_sha256?: string; readonly needles: readonly { readonly needle: string; readonly vaddr: string }[] }[];
}
const truth: Truth = JSON.parse(readFileSync(truthFile('podman-attack'), 'utf8'));

describe('show', () => {
  it('prints the process tree, what is not on disk, and the connection of the shell', () => {
    const { code, out } = icecore('show', attack);
    expect(code).toBe(0);
    expect(out).toMatch(/21 +0 +alive +1 +busybox sleep 36000 .*\/memfd:x \(in memory only\)/);
    expect(out).toMatch(/22 +0 +alive +1 +\[kworker\/u8:2\] 36001 .*\/tmp\/\.xmrig \(deleted\)/);
    expect(out).toMatch(/tcp +ESTABLISHED +0 +0 +10\.88\.0\.5:55718 +10\.88\.0\.1:4444 +23\/0 23\/1 23\/2/);
    expect(out).toContain('processes started by exec');
  });

  it.each([
    ['--files', /0 +INETSK .*socket:\[187115\]/],
    ['--env', /AWS_ACCESS_KEY_ID=‹secret:aws_access_key_id:[0-9a-f]{8}›/],
    ['--memory', /400000-401000 +r--p .*\/memfd:x/],
    ['--mounts', /\/proc +proc/],
  ])('prints what %s asks for', (option, expected) => {
    expect(icecore('show', option, attack).out).toMatch(expected);
  });

  it('gives the same as JSON', () => {
    const json = JSON.parse(icecore('show', '--json', attack).out);
    expect(json.container).toMatchObject({ engine: 'podman', name: 'c5' });
    expect(json.processes.map((process: { pid: number }) => process.pid)).toEqual([1, 21, 22, 23, 24]);
  });

  it('prints no control characters of the evidence', () => {
    // eslint-disable-next-line no-control-regex -- control characters are what this looks for
    expect(icecore('show', '--all', attack).out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });
});

describe('search', () => {
  const needles = truth.processes.flatMap(({ ns_pid, needles: found }) => found.map(({ needle, vaddr }) => ({ pid: ns_pid, needle, vaddr })));

  it.each([...new Set(needles.map(({ needle }) => needle))])('finds %s at every address where it was', (needle) => {
    const hits = icecore('search', '--json', attack, '--', needle).out.trim().split(/\n(?=\{)/).map((line) => JSON.parse(line));
    const found = hits.map((hit) => `${hit.pid} ${hit.address}`);
    for (const { pid, vaddr } of needles.filter((each) => each.needle === needle)) expect(found).toContain(`${pid} 0x${vaddr}`);
  });

  it('ends with 1 where nothing is found', () => {
    expect(icecore('search', attack, 'no such words anywhere').code).toBe(1);
  });

  it('finds bytes and regular expressions', () => {
    expect(icecore('search', '--hex', '--count', attack, '7f454c4602').out.trim()).not.toBe('0');
    const { out } = icecore('search', '--regex', attack, 'AKIA[A-Z0-9]{16}');
    expect(out).toMatch(/\*{20}/);
    expect(out).not.toContain('AKIAIOSFODNN7EXAMPLE');
  });
});

describe('memory', () => {
  it('prints the header of the program that has no file', () => {
    expect(icecore('memory', attack, '21', '--at', '400000', '--length', '16').out).toBe(
      '000000400000  7f 45 4c 46 02 01 01 03  00 00 00 00 00 00 00 00  |.ELF............|\n',
    );
  });

  it('says of bytes that are not in the archive what they are', () => {
    expect(icecore('memory', attack, '1', '--at', '400000', '--length', '16').out).toContain('as in the mapped file, not in the archive');
  });

  it('knows no pid that is not there', () => {
    const { code, err } = icecore('memory', attack, '999');
    expect(code).toBe(2);
    expect(err).toContain('there is no process 999');
  });
});

describe('extract', () => {
  it('writes the programs that were deleted or never on disk, whole', () => {
    const output = join(folder, 'files');
    expect(icecore('extract', attack, '-o', output).code).toBe(0);
    const hashes = new Set(truth.processes.map(({ exe_sha256 }) => exe_sha256));
    for (const name of ['deleted/tmp/.xmrig', 'memfd/memfd%3ax']) {
      expect(hashes).toContain(createHash('sha256').update(readFileSync(join(output, name))).digest('hex'));
    }
    expect(statSync(join(output, 'deleted/tmp/.xmrig')).mode & 0o7777).toBe(0o600);
    expect(readFileSync(join(output, 'rootfs/etc/cron.d/.update-sys'), 'utf8')).toContain('*');
  });

  it('writes into no folder that has something in it', () => {
    const { code, err } = icecore('extract', attack, '-o', folder);
    expect(code).toBe(3);
    expect(err).toContain('not empty');
  });
});

describe('decode and encode', () => {
  it('give back the bytes of an image', () => {
    const core = join(folder, 'core-1.json');
    writeFileSync(core, icecore('decode', loop, 'core-1.img').bytes);
    const again = join(folder, 'core-1.img');
    expect(icecore('encode', core, '-o', again).code).toBe(0);
    expect(icecore('decode', again).out).toBe(readFileSync(core, 'utf8'));
  });

  it('name the field that is wrong', () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{"magic":"PSTREE","entries":[{"pid":1}]}');
    const { code, err } = icecore('encode', broken);
    expect(code).toBe(2);
    expect(err).toContain('entries[0].ppid is missing');
  });
});

describe('analyze and query', () => {
  const lake = join(folder, 'lake');

  it('fill a lake that SQL answers from', () => {
    expect(icecore('analyze', attack, loop, '--lake', lake).code).toBe(0);
    const sql = 'SELECT pid, executable FROM processes WHERE executable_deleted ORDER BY pid';
    expect(icecore('query', '--lake', lake, '--csv', sql).out).toBe('pid,executable\n21,/memfd:x\n22,/tmp/.xmrig\n');
  });

  it('write the same bytes again', () => {
    const before = hashesOf(lake);
    icecore('analyze', attack, loop, '--lake', lake);
    expect(hashesOf(lake)).toEqual(before);
    expect(before.size).toBeGreaterThan(10);
  });

  it('let no query out of the lake', () => {
    const { code, err } = icecore('query', '--lake', lake, "SELECT * FROM read_csv('/etc/passwd')");
    expect(code).toBe(3);
    expect(err).not.toContain('root:');
  });
});

describe('the command line', () => {
  it.each([
    [['show'], 2, 'needs ARCHIVE'],
    [['show', '--no-such-option', attack], 2, 'no-such-option'],
    [['no-such-command'], 2, 'there is no command'],
    [['show', 'no-such-file'], 3, 'no-such-file'],
    [['show', 'package.json'], 3, 'neither a tar nor a known compression'],
  ])('answers %j with %i', (words, code, message) => {
    const ran = icecore(...words);
    expect(ran.code).toBe(code);
    expect(ran.err).toContain(message);
    expect(ran.err).not.toMatch(/\n +at /);
  });

  it('helps with every command', () => {
    for (const name of readdirSync(join(import.meta.dirname, 'commands')).map((file) => file.replace('.ts', ''))) {
      expect(icecore('help', name).out).toContain(`Usage: icecore ${name}`);
    }
  });

  it('takes --json wherever it prints a result', () => {
    for (const name of readdirSync(join(import.meta.dirname, 'commands')).map((file) => file.replace('.ts', ''))) {
      // What export prints is no result of its own but a document, of which `--format` names the form; serve prints a link.
      if (name !== 'serve') expect(icecore(name, '--help').out).toContain(name === 'export' ? '--format' : '--json');
    }
  });

  it.each(['bash', 'zsh', 'fish'])('completes in %s', (shell) => {
    expect(icecore('completion', shell).out).toContain('analyze');
  });

  it('lists archives with their pods', () => {
    expect(icecore('list', 'samples').out).toMatch(/lab\/loop +counter +containerd/);
  });

  it('writes a core that names the process', () => {
    const output = join(folder, 'core.23');
    expect(icecore('core', attack, '23', '-o', output).code).toBe(0);
    expect(readFileSync(output).subarray(0, 4).toString('latin1')).toBe('\x7fELF');
  });

  it('tells two archives apart, and finds one the same as itself', () => {
    expect(icecore('diff', loop, loop).code).toBe(0);
    const { code, out } = icecore('diff', loop, 'samples/podman-userns.tar.gz');
    expect(code).toBe(1);
    expect(out).toContain('process');
    expect(existsSync(folder)).toBe(true);
  });
});

function hashesOf(root: string): Map<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return new Map(files.map(({ name, parentPath }) => [join(parentPath, name), createHash('sha256').update(readFileSync(join(parentPath, name))).digest('hex')]));
}
