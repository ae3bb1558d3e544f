import { ipProtocol, netlinkProtocol, socketFamily, socketShutdown, socketType, tcpState } from './sockets.ts';

describe('sockets', () => {
  it.each([
    [socketFamily(1), 'AF_UNIX'],
    [socketFamily(10), 'AF_INET6'],
    [socketFamily(17), 'AF_PACKET'],
    [socketFamily(45), 'AF_MCTP'],
    [socketFamily(99), 'AF_99'],
    [socketType(1), 'SOCK_STREAM'],
    [socketType(5), 'SOCK_SEQPACKET'],
    [socketType(1, 'mips'), 'SOCK_DGRAM'],
    [ipProtocol(17), 'IPPROTO_UDP'],
    [ipProtocol(262), 'IPPROTO_MPTCP'],
    [netlinkProtocol(9), 'NETLINK_AUDIT'],
    [netlinkProtocol(17), 'NETLINK_17'],
    [socketShutdown(0), 'none'],
    [socketShutdown(3), 'both'],
  ])('says %s', (said, expected) => expect(said).toBe(expected));

  it('gives the kernel’s name of a state and that of ss', () => {
    expect(tcpState(1)).toEqual({ kernel: 'ESTABLISHED', ss: 'ESTAB' });
    expect(tcpState(7)).toEqual({ kernel: 'CLOSE', ss: 'UNCONN' });
    expect(tcpState(10)).toEqual({ kernel: 'LISTEN', ss: 'LISTEN' });
    expect(tcpState(40)).toEqual({ kernel: 'TCP_40', ss: 'TCP_40' });
  });
});
