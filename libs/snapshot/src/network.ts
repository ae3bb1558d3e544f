import type { CheckpointArchive } from '@icecore/archive';
import { bytesToHex, type Gap, readAll, textFromBytes } from '@icecore/bytes';
import { imageTypes } from '@icecore/criu';
import type { ImageReader } from './image-reader.ts';
import { readMetadata } from './metadata.ts';

/** The container's network, from the dumped namespace where there is one, and from the engine's metadata. */
export interface Network {
  /** False where the network namespace belongs to the pod and is not part of the dump. */
  readonly dumped: boolean;
  readonly interfaces: readonly NetworkInterface[];
  /** Addresses that the engine's metadata gives the container. */
  readonly assigned: readonly { readonly interface: string; readonly address: string; readonly mac: string | undefined; readonly gateway: string | undefined }[];
  /** Raw images of the namespace (`ifaddr`, `route`, `rule`, `iptables`, `nftables`, conntrack), by name. */
  readonly images: readonly string[];
  readonly iptables: string;
  readonly ip6tables: string;
  readonly nftables: string;
}

export interface NetworkInterface {
  readonly index: number;
  readonly name: string;
  readonly kind: string;
  readonly mtu: number;
  /** `aa:bb:…`; undefined where it has none. */
  readonly mac: string | undefined;
}

/** Largest rule set that is read. */
const maxRulesBytes = 16 << 20;

export async function readNetwork(images: ImageReader, archive: CheckpointArchive, annotations: ReadonlyMap<string, string>, gaps: Gap[]): Promise<Network> {
  const interfaces: NetworkInterface[] = [];
  for (const { fileName } of images.matching(/^netdev-(\d+)\.img$/)) {
    for (const { message } of await images.read(fileName, imageTypes.NETDEV)) {
      const { ifindex, name, type, mtu, address } = message;
      const mac = address === undefined || address.length === 0 ? undefined : bytesToHex(address).match(/../g)?.join(':');
      interfaces.push({ index: ifindex, name, kind: String(type), mtu, mac });
    }
  }
  const raw = images.matching(/^(ifaddr|route6?|rule|iptables|ip6tables|nftables|netns-ct|netns-exp)-\d+\.img$/).map(({ fileName }) => fileName);
  return {
    dumped: interfaces.length > 0,
    interfaces,
    assigned: await readAssigned(archive, annotations, gaps),
    images: raw,
    iptables: await readRules(images, /^iptables-\d+\.img$/),
    ip6tables: await readRules(images, /^ip6tables-\d+\.img$/),
    nftables: await readRules(images, /^nftables-\d+\.img$/),
  };
}

async function readRules(images: ImageReader, pattern: RegExp): Promise<string> {
  const parts: string[] = [];
  for (const { fileName } of images.matching(pattern)) {
    const source = images.folder.open(fileName);
    if (source === undefined) continue;
    if (source.size > maxRulesBytes) {
      images.gaps.push({ code: 'limit', subject: `rules of ${fileName}`, reason: `${source.size} bytes are over ${maxRulesBytes}`, place: { image: fileName } });
      continue;
    }
    parts.push(textFromBytes(await readAll(source)));
  }
  return parts.join('');
}

async function readAssigned(archive: CheckpointArchive, annotations: ReadonlyMap<string, string>, gaps: Gap[]): Promise<Network['assigned']> {
  const status = await readMetadata(archive, 'network.status', gaps);
  const interfaces = (status?.entries() ?? []).flatMap(([, network]) => network?.object('interfaces')?.entries() ?? []);
  const fromStatus = interfaces.flatMap(([name, about]) =>
    (about?.objects('subnets') ?? []).flatMap((subnet) => {
      const address = subnet.text('ipnet');
      return address === undefined ? [] : [{ interface: name, address, mac: about?.text('mac_address'), gateway: subnet.text('gateway') }];
    }),
  );
  const fromAnnotations = [...annotations]
    .filter(([key]) => /^io\.kubernetes\.cri-o\.IP\.\d+$/.test(key))
    .map(([, address]) => ({ interface: '', address, mac: undefined, gateway: undefined }));
  return [...fromStatus, ...fromAnnotations];
}
