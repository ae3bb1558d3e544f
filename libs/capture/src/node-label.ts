import { createHash } from 'node:crypto';

/** A node's name as the value of a label, which takes 63 characters and a node's name up to 253. */
export function nodeLabelValue(node: string): string {
  return node.length <= 63 ? node : `${node.slice(0, 46).replace(/[^a-z0-9]+$/, '')}-${createHash('sha256').update(node).digest('hex').slice(0, 16)}`;
}
