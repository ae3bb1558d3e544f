import { createHash } from 'node:crypto';
import { checkTimestamp } from './index.ts';
import { opensslAuthority } from './authority.test-support.ts';

const authority = opensslAuthority();
afterAll(() => authority.close());
const data = Buffer.from('what was there');
const stamp = authority.authority.stamp(createHash('sha256').update(data).digest());

describe('a time stamp of an authority', () => {
  it('holds with no network, for the bytes that were stamped', async () => {
    const checked = await checkTimestamp(await stamp, data, [authority.certificate]);
    expect(checked).toMatchObject({ holds: true, authority: 'Lab Time' });
    expect(checked.holds && Math.abs(checked.at.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('does not hold for other bytes', async () => {
    expect(await checkTimestamp(await stamp, Buffer.from('what was not'), [authority.certificate])).toMatchObject({ holds: false });
  });

  it('does not hold by another authority’s word, nor by nobody’s', async () => {
    const other = opensslAuthority();
    expect(await checkTimestamp(await stamp, data, [other.certificate])).toMatchObject({ holds: false });
    other.close();
    expect(await checkTimestamp(await stamp, data, [])).toEqual({ holds: false, reason: 'no time stamp authority is trusted' });
  });

  it('never holds for another moment or hash where a bit is another one', async () => {
    const bytes = await stamp;
    const whole = await checkTimestamp(bytes, data, [authority.certificate]);
    let refused = 0;
    for (let at = 0; at < bytes.length; at += 29) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 4;
      const checked = await checkTimestamp(changed, data, [authority.certificate]);
      // Some bits of the wrapping are signed by nobody: what they wrap must then be the same word. The ledger has the hash of it all.
      if (checked.holds) expect(checked).toEqual(whole);
      else refused += 1;
    }
    expect(refused / (bytes.length / 29)).toBeGreaterThan(0.9);
  }, 60_000);

  it('is no crash for bytes that are none', async () => {
    for (const bytes of [[], [0x30], [0x30, 0x80], new Array(300).fill(0x30), [0xff, 0xff, 0xff]]) {
      expect(await checkTimestamp(Uint8Array.from(bytes), data, [authority.certificate])).toMatchObject({ holds: false });
    }
  });
});
