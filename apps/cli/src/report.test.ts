import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attack, icecore, root } from './run.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const place = ['--vault', join(folder, 'vault'), '--key', join(folder, 'signing.pem')];
const output = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(output(name), 'utf8');
const id = '9c57ec87b2115f37edf6374b31d224aa';

describe('a report', () => {
  it('is one file for its owner, of an archive that was not sealed', () => {
    const { code, out } = icecore('report', attack, '-o', output('a.html'), ...place);
    expect([code, out]).toEqual([0, `${output('a.html')}: 2 incidents, both critical\n`]);
    expect(statSync(output('a.html')).mode & 0o777).toBe(0o600);
    expect(read('a.html')).toContain('This archive was not sealed');
    expect(read('a.html')).toContain(`icecore memory ${attack} 1 --at 7f8988dff000 --length 64`);
  });

  it('does not write over what is there', () => {
    const { code, err } = icecore('report', attack, '-o', output('a.html'), ...place);
    expect(code).toBe(3);
    expect(err).toContain('EEXIST');
  });

  it('of a capture in the vault, by the beginning of its id, has its custody and that it holds', () => {
    expect(icecore('seal', '--cluster', 'prod', '--reason', 'shell in container', ...place, attack).code).toBe(0);
    expect(icecore('report', id.slice(0, 6), '-o', output('b.html'), ...place).code).toBe(0);
    expect(read('b.html')).toContain('The evidence held when this report was made');
    expect(read('b.html')).toContain('shell in container');
    expect(read('b.html')).toContain(`icecore verify ${id}`);
  });

  it('of the archive beside the vault finds the same custody', () => {
    expect(icecore('report', attack, '-o', output('c.html'), ...place).code).toBe(0);
    expect(read('c.html')).toContain('The evidence held when this report was made');
  });

  it('says where the evidence does not hold any more, and where its records cannot be read', () => {
    const capture = JSON.parse(icecore('seal', '--json', '--cluster', 'prod', ...place, attack).out).capture;
    const ledger = join(folder, 'vault', capture, 'ledger/00000002.json');
    const sound = output('sound.json');
    copyFileSync(ledger, sound);
    chmodSync(ledger, 0o600);
    writeFileSync(ledger, readFileSync(sound, 'utf8').replace('every byte', 'EVERY byte'));
    expect(icecore('report', id, '-o', output('d.html'), ...place).code).toBe(0);
    expect(read('d.html')).toContain('The evidence did not hold when this report was made');
    writeFileSync(ledger, '{');
    expect(icecore('report', id, '-o', output('e.html'), ...place).code).toBe(0);
    expect(read('e.html')).toContain('its records cannot be read');
  });

  it('is not made of what is neither a file nor a capture', () => {
    expect(icecore('report', 'no-such-thing', ...place)).toMatchObject({ code: 2, err: expect.stringContaining('no capture no-such-thing') });
    expect(icecore('report', 'no-such-thing', '--vault', output('none'))).toMatchObject({ code: 2, err: expect.stringContaining('no file no-such-thing') });
  });

  it('tells damage by its exit code and in itself', () => {
    writeFileSync(output('cut.tar.zst'), readFileSync(join(root, attack)).subarray(0, 4_000_000));
    const { code, err } = icecore('report', output('cut.tar.zst'), '-o', output('f.html'), ...place);
    expect([code, err.includes('not seen')]).toEqual([4, true]);
    expect(read('f.html')).toContain('Damaged or unread');
  });

  it('is JSON for programs', () => {
    const { code, out } = icecore('report', '--json', attack, ...place);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ version: 1, verdict: { severity: 'critical' }, facts: { captureId: id } });
  });
});
