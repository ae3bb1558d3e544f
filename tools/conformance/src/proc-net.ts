/** A socket as a line of `/proc/net/*` tells it, in icecore's words. */
export interface SocketLine {
  readonly inode: number;
  readonly family: string;
  readonly type: string;
  readonly state: string | undefined;
  readonly local: { readonly address: string; readonly port: number } | undefined;
  readonly remote: { readonly address: string; readonly port: number } | undefined;
  readonly path: string | undefined;
  /** Bytes that wait; undefined where the file counts something else. */
  readonly receive: number | undefined;
  readonly send: number | undefined;
}

const states = ['', 'ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT1', 'FIN_WAIT2', 'TIME_WAIT', 'CLOSE', 'CLOSE_WAIT', 'LAST_ACK', 'LISTEN', 'CLOSING'];

/** `/proc/net/tcp`, `tcp6`, `udp`, `udp6`. */
export function inetSocketsIn(text: string, name: string): SocketLine[] {
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, local = '', remote = '', state = '', queues = '', , , , , inode] = line.trim().split(/\s+/);
      const [send = '0', receive = '0'] = queues.split(':');
      const listens = state === '0A';
      return {
        inode: Number(inode),
        family: name.endsWith('6') ? 'AF_INET6' : 'AF_INET',
        type: name.startsWith('tcp') ? 'SOCK_STREAM' : 'SOCK_DGRAM',
        state: states[Number.parseInt(state, 16)],
        local: endpointOf(local),
        remote: endpointOf(remote),
        path: undefined,
        receive: listens ? undefined : Number.parseInt(receive, 16),
        send: listens ? undefined : Number.parseInt(send, 16),
      };
    });
}

function endpointOf(text: string): { address: string; port: number } {
  const [hex = '', port = '0'] = text.split(':');
  // Words of 32 bits in the byte order of the machine.
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  const address = bytes.length === 4 ? bytes.map((byte) => Number.parseInt(byte, 16)).join('.') : ipv6Of(bytes);
  return { address, port: Number.parseInt(port, 16) };
}

function ipv6Of(bytes: readonly string[]): string {
  const groups = Array.from({ length: 8 }, (_, i) => `${bytes[2 * i] ?? '00'}${bytes[2 * i + 1] ?? '00'}`);
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

const unixTypes: Readonly<Record<string, string>> = { '0001': 'SOCK_STREAM', '0002': 'SOCK_DGRAM', '0005': 'SOCK_SEQPACKET' };

/** `/proc/net/unix`; the bytes that wait are in the output of ss alone. */
export function unixSocketsIn(text: string, ss: string): SocketLine[] {
  const received = new Map([...ss.matchAll(/^u_\S+\s+\S+\s+(\d+)\s+\d+\s+\S+\s+(\d+)/gm)].map(([, bytes, inode]) => [Number(inode), Number(bytes)]));
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, , , flags = '', type = '', state, inode, ...path] = line.trim().split(/\s+/);
      const listens = (Number.parseInt(flags, 16) & 0x10000) !== 0;
      return {
        inode: Number(inode),
        family: 'AF_UNIX',
        type: unixTypes[type] ?? type,
        state: listens ? 'LISTEN' : state === '03' ? 'ESTABLISHED' : 'CLOSE',
        local: undefined,
        remote: undefined,
        path: path.join(' '),
        receive: listens ? undefined : received.get(Number(inode)),
        send: listens ? undefined : 0,
      };
    });
}
