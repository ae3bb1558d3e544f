import { capabilities, capabilityNames, capabilitySet, capabilityWords } from './capabilities.ts';

describe('capabilities', () => {
  it('names the default set of a podman container', () => {
    expect(capabilityNames(0x800405fbn)).toEqual([
      'CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER', 'CAP_FSETID', 'CAP_KILL', 'CAP_SETGID', 'CAP_SETUID',
      'CAP_SETPCAP', 'CAP_NET_BIND_SERVICE', 'CAP_SYS_CHROOT', 'CAP_SETFCAP',
    ]);
  });

  it('knows every capability up to CAP_CHECKPOINT_RESTORE', () => {
    expect(capabilities).toHaveLength(41);
    expect(capabilityNames(0x1ffffffffffn).at(-1)).toBe('CAP_CHECKPOINT_RESTORE');
    expect(capabilityNames(1n << 21n)).toEqual(['CAP_SYS_ADMIN']);
  });

  it('shows bits of a newer kernel by their number', () => {
    expect(capabilityNames((1n << 41n) | (1n << 63n))).toEqual(['CAP_41', 'CAP_63']);
  });

  it.each([0n, 1n, 0x1ffffffffffn, 0xffff_ffff_ffff_ffffn, 0xa80425fbn])('gives %s back from its names', (set) => {
    expect(capabilitySet(capabilityNames(set))).toBe(set);
  });

  it.each(['CAP_NOTHING', 'CAP_64', 'cap_chown', 'constructor'])('refuses %s', (name) => {
    expect(() => capabilitySet([name])).toThrow(RangeError);
  });

  it('joins the two words of an image, the low one first', () => {
    expect(capabilityWords([0x8004_05fb, 0x100])).toBe(0x100_8004_05fbn);
    expect(capabilityWords([-1])).toBe(0xffff_ffffn);
  });
});
