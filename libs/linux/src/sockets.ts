import { nameOf, type NameTable } from './names.ts';

const families: NameTable = [
  'AF_UNSPEC', 'AF_UNIX', 'AF_INET', 'AF_AX25', 'AF_IPX', 'AF_APPLETALK', 'AF_NETROM', 'AF_BRIDGE',
  'AF_ATMPVC', 'AF_X25', 'AF_INET6', 'AF_ROSE', 'AF_DECnet', 'AF_NETBEUI', 'AF_SECURITY', 'AF_KEY',
  'AF_NETLINK', 'AF_PACKET', 'AF_ASH', 'AF_ECONET', 'AF_ATMSVC', 'AF_RDS', 'AF_SNA', 'AF_IRDA',
  'AF_PPPOX', 'AF_WANPIPE', 'AF_LLC', 'AF_IB', 'AF_MPLS', 'AF_CAN', 'AF_TIPC', 'AF_BLUETOOTH',
  'AF_IUCV', 'AF_RXRPC', 'AF_ISDN', 'AF_PHONET', 'AF_IEEE802154', 'AF_CAIF', 'AF_ALG', 'AF_NFC',
  'AF_VSOCK', 'AF_KCM', 'AF_QIPCRTR', 'AF_SMC', 'AF_XDP', 'AF_MCTP',
];

const types: NameTable = {
  1: 'SOCK_STREAM',
  2: 'SOCK_DGRAM',
  3: 'SOCK_RAW',
  4: 'SOCK_RDM',
  5: 'SOCK_SEQPACKET',
  6: 'SOCK_DCCP',
  10: 'SOCK_PACKET',
};

const mipsTypes: NameTable = { ...types, 1: 'SOCK_DGRAM', 2: 'SOCK_STREAM' };

const protocols: NameTable = {
  0: 'IPPROTO_IP',
  1: 'IPPROTO_ICMP',
  2: 'IPPROTO_IGMP',
  4: 'IPPROTO_IPIP',
  6: 'IPPROTO_TCP',
  8: 'IPPROTO_EGP',
  12: 'IPPROTO_PUP',
  17: 'IPPROTO_UDP',
  22: 'IPPROTO_IDP',
  29: 'IPPROTO_TP',
  33: 'IPPROTO_DCCP',
  41: 'IPPROTO_IPV6',
  46: 'IPPROTO_RSVP',
  47: 'IPPROTO_GRE',
  50: 'IPPROTO_ESP',
  51: 'IPPROTO_AH',
  58: 'IPPROTO_ICMPV6',
  92: 'IPPROTO_MTP',
  94: 'IPPROTO_BEETPH',
  98: 'IPPROTO_ENCAP',
  103: 'IPPROTO_PIM',
  108: 'IPPROTO_COMP',
  115: 'IPPROTO_L2TP',
  132: 'IPPROTO_SCTP',
  136: 'IPPROTO_UDPLITE',
  137: 'IPPROTO_MPLS',
  143: 'IPPROTO_ETHERNET',
  255: 'IPPROTO_RAW',
  262: 'IPPROTO_MPTCP',
};

/** The kernel's name and the shorter one that ss(8) prints. */
export interface TcpState {
  readonly kernel: string;
  readonly ss: string;
}

const tcpStates: Readonly<Record<number, TcpState>> = {
  1: { kernel: 'ESTABLISHED', ss: 'ESTAB' },
  2: { kernel: 'SYN_SENT', ss: 'SYN-SENT' },
  3: { kernel: 'SYN_RECV', ss: 'SYN-RECV' },
  4: { kernel: 'FIN_WAIT1', ss: 'FIN-WAIT-1' },
  5: { kernel: 'FIN_WAIT2', ss: 'FIN-WAIT-2' },
  6: { kernel: 'TIME_WAIT', ss: 'TIME-WAIT' },
  7: { kernel: 'CLOSE', ss: 'UNCONN' },
  8: { kernel: 'CLOSE_WAIT', ss: 'CLOSE-WAIT' },
  9: { kernel: 'LAST_ACK', ss: 'LAST-ACK' },
  10: { kernel: 'LISTEN', ss: 'LISTEN' },
  11: { kernel: 'CLOSING', ss: 'CLOSING' },
  12: { kernel: 'NEW_SYN_RECV', ss: 'NEW-SYN-RECV' },
  13: { kernel: 'BOUND_INACTIVE', ss: 'BOUND-INACTIVE' },
};

const netlinkProtocols: NameTable = {
  0: 'NETLINK_ROUTE',
  1: 'NETLINK_UNUSED',
  2: 'NETLINK_USERSOCK',
  3: 'NETLINK_FIREWALL',
  4: 'NETLINK_SOCK_DIAG',
  5: 'NETLINK_NFLOG',
  6: 'NETLINK_XFRM',
  7: 'NETLINK_SELINUX',
  8: 'NETLINK_ISCSI',
  9: 'NETLINK_AUDIT',
  10: 'NETLINK_FIB_LOOKUP',
  11: 'NETLINK_CONNECTOR',
  12: 'NETLINK_NETFILTER',
  13: 'NETLINK_IP6_FW',
  14: 'NETLINK_DNRTMSG',
  15: 'NETLINK_KOBJECT_UEVENT',
  16: 'NETLINK_GENERIC',
  18: 'NETLINK_SCSITRANSPORT',
  19: 'NETLINK_ECRYPTFS',
  20: 'NETLINK_RDMA',
  21: 'NETLINK_CRYPTO',
  22: 'NETLINK_SMC',
};

const shutdowns: NameTable = ['none', 'read', 'write', 'both'];

/** `AF_INET` for 2. */
export function socketFamily(family: number): string {
  return nameOf(families, family, 'AF');
}

/** `SOCK_STREAM` for 1, whether the socket is of the unix, inet or another family. MIPS swaps 1 and 2. */
export function socketType(type: number, numbering: 'generic' | 'mips' = 'generic'): string {
  return nameOf(numbering === 'mips' ? mipsTypes : types, type, 'SOCK');
}

/** `IPPROTO_TCP` for 6. Only for the families AF_INET and AF_INET6. */
export function ipProtocol(protocol: number): string {
  return nameOf(protocols, protocol, 'IPPROTO');
}

/** State of a TCP socket, and of other sockets that borrow these numbers (include/net/tcp_states.h). */
export function tcpState(state: number): TcpState {
  return tcpStates[state] ?? { kernel: `TCP_${state}`, ss: `TCP_${state}` };
}

/** `NETLINK_ROUTE` for 0. */
export function netlinkProtocol(protocol: number): string {
  return nameOf(netlinkProtocols, protocol, 'NETLINK');
}

/** Which directions of a socket are shut down: CRIU's sk_shutdown 0 to 3. */
export function socketShutdown(shutdown: number): string {
  return nameOf(shutdowns, shutdown, 'shutdown');
}
