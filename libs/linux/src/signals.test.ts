import { signalName, signalNames } from './signals.ts';

describe('signals', () => {
  it.each([
    [1, 'SIGHUP'],
    [7, 'SIGBUS'],
    [9, 'SIGKILL'],
    [16, 'SIGSTKFLT'],
    [17, 'SIGCHLD'],
    [31, 'SIGSYS'],
    [32, 'SIGRTMIN'],
    [34, 'SIGRTMIN+2'],
    [64, 'SIGRTMIN+32'],
    [0, 'SIG_0'],
    [65, 'SIG_65'],
    [-1, 'SIG_-1'],
  ])('calls signal %i %s', (number, name) => expect(signalName(number)).toBe(name));

  it.each([
    [7, 'SIGEMT'],
    [10, 'SIGBUS'],
    [18, 'SIGCHLD'],
    [31, 'SIGXFSZ'],
    [128, 'SIGRTMIN+96'],
  ])('calls signal %i of MIPS %s', (number, name) => expect(signalName(number, 'mips')).toBe(name));

  it('reads bit n of a sigset as signal n + 1', () => {
    expect(signalNames(0x1_0002n)).toEqual(['SIGINT', 'SIGCHLD']);
    expect(signalNames(0x8000_0000_0000_0000n)).toEqual(['SIGRTMIN+32']);
    expect(signalNames(0n)).toEqual([]);
  });
});
