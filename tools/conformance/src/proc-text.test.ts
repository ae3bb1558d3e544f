import { inetSocketsIn, unixSocketsIn } from './proc-net.ts';
import { limitsIn, mountLine } from './proc-text.ts';

describe('text of /proc', () => {
  it('gives sockets with addresses in the order of the network, and queues in bytes', () => {
    const lines = '  sl  local_address\n   1: 0100007F:9714 0100007F:18EB 01 00000002:00000007 00:00000000 00000000     0        0 465011 1 0\n';
    expect(inetSocketsIn(lines, 'tcp')).toEqual([
      {
        inode: 465011,
        family: 'AF_INET',
        type: 'SOCK_STREAM',
        state: 'ESTABLISHED',
        local: { address: '127.0.0.1', port: 38676 },
        remote: { address: '127.0.0.1', port: 6379 },
        path: undefined,
        receive: 7,
        send: 2,
      },
    ]);
  });

  it('gives IPv6 addresses in their shortest form', () => {
    const lines = '  sl\n   0: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A 0:0 0 0 0 0 5 1\n';
    expect(inetSocketsIn(lines, 'tcp6')[0]).toMatchObject({ local: { address: '::1', port: 8081 }, remote: { address: '::', port: 0 }, receive: undefined });
  });

  it('tells unix sockets that listen from those that do not', () => {
    const lines = 'Num\n0: 00000002 00000000 00010000 0001 01 176057 /tmp/app.sock\n1: 00000002 00000000 00000000 0002 01 176058 @abstract\n';
    expect(unixSocketsIn(lines, '').map(({ state, path }) => [state, path])).toEqual([
      ['LISTEN', '/tmp/app.sock'],
      ['CLOSE', '@abstract'],
    ]);
  });

  it('gives limits in the order of their numbers', () => {
    const limits = limitsIn('Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 unlimited            files\n');
    expect(limits[7]).toEqual({ name: 'RLIMIT_NOFILE', soft: 1024n, hard: 2n ** 64n - 1n });
  });

  it('gives mounts with blanks in their paths', () => {
    expect(mountLine('152 143 0:64 / /a\\040b ro,nosuid master:11 - tmpfs none rw,mode=755')).toEqual({
      mountId: 152,
      parentId: 143,
      device: '0:64',
      root: '/',
      mountpoint: '/a b',
      options: ['ro', 'nosuid'],
      filesystem: 'tmpfs',
      source: 'none',
      superblockOptions: ['rw', 'mode=755'],
    });
  });
});
