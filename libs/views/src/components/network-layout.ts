import type { GraphEdge, GraphPeer, GraphProcess, NetworkView } from '../model/network-view.ts';

/** Sizes in units of the picture. */
export const graphWidth = 1000;
const processWidth = 250;
const peerWidth = 250;
const lineHeight = 16;
const spacing = 14;

export interface Box<T> {
  readonly item: T;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Line {
  readonly edge: GraphEdge;
  readonly path: string;
  /** Where its label stands; undefined where there are too many to label. */
  readonly label: { readonly x: number; readonly y: number } | undefined;
}
export interface NetworkLayout {
  readonly height: number;
  readonly processes: readonly Box<GraphProcess>[];
  readonly peers: readonly Box<GraphPeer>[];
  readonly lines: readonly Line[];
}

/** So many connections have room for their labels. */
const maxLabels = 24;
const maxListed = 4;

/** How many lines a process's box has. */
export function listenLines({ listens }: GraphProcess): readonly string[] {
  return listens.length <= maxListed ? listens : [...listens.slice(0, maxListed - 1), `and ${listens.length - maxListed + 1} more`];
}

/** Processes on the left, those whom they speak with on the right, each peer near the processes that speak with it. */
export function layNetworkOut({ processes, peers, edges }: NetworkView['graph']): NetworkLayout {
  const left = stacked(processes, 0, processWidth, (process) => 40 + lineHeight * listenLines(process).length);
  const middle = new Map(left.map(({ item, y, height }) => [item.pid, y + height / 2]));
  const wanted = (peer: GraphPeer): number => {
    const own = edges.filter((edge) => edge.peer === peer.address).map(({ pid }) => middle.get(pid) ?? 0);
    return own.reduce((sum, y) => sum + y, 0) / Math.max(1, own.length);
  };
  const right = stacked([...peers].sort((a, b) => wanted(a) - wanted(b)), graphWidth - peerWidth, peerWidth, () => 40);
  const height = Math.max(40, ...[...left, ...right].map((box) => box.y + box.height));
  const shiftedLeft = centred(left, height);
  const shiftedRight = centred(right, height);
  return { height, processes: shiftedLeft, peers: shiftedRight, lines: linesBetween(edges, shiftedLeft, shiftedRight) };
}

function stacked<T>(items: readonly T[], x: number, width: number, heightOf: (item: T) => number): readonly Box<T>[] {
  let y = 1;
  return items.map((item) => {
    const height = heightOf(item);
    const box = { item, x: x + 1, y, width: width - 2, height };
    y += height + spacing;
    return box;
  });
}

function centred<T>(boxes: readonly Box<T>[], height: number): readonly Box<T>[] {
  const last = boxes.at(-1);
  const free = last === undefined ? 0 : height - (last.y + last.height);
  return boxes.map((box) => ({ ...box, y: box.y + free / 2 }));
}

function linesBetween(edges: readonly GraphEdge[], processes: readonly Box<GraphProcess>[], peers: readonly Box<GraphPeer>[]): readonly Line[] {
  const from = new Map(processes.map((box) => [box.item.pid, box]));
  const to = new Map(peers.map((box) => [box.item.address, box]));
  const slots = new Map<string, number>();
  const total = (side: string): number => edges.filter(({ pid, peer }) => `p${pid}` === side || `a${peer}` === side).length;
  const slot = (side: string): number => {
    const used = slots.get(side) ?? 0;
    slots.set(side, used + 1);
    return (used + 1) / (total(side) + 1);
  };
  return edges.flatMap((edge): Line[] => {
    const [start, end] = [from.get(edge.pid), to.get(edge.peer)];
    if (start === undefined || end === undefined) return [];
    const x1 = start.x + start.width;
    const x2 = end.x;
    const y1 = start.y + start.height * slot(`p${edge.pid}`);
    const y2 = end.y + end.height * slot(`a${edge.peer}`);
    const bend = (x2 - x1) / 2;
    const path = `M${x1} ${round(y1)}C${x1 + bend} ${round(y1)} ${x2 - bend} ${round(y2)} ${x2} ${round(y2)}`;
    return [{ edge, path, label: edges.length > maxLabels ? undefined : { x: (x1 + x2) / 2, y: round((y1 + y2) / 2) } }];
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
