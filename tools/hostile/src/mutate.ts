import { changeField } from './change-field.ts';
import { forgeTar, type Member, withChecksum, writeSize } from './forge-tar.ts';
import type { Original } from './originals.ts';
import type { Random } from './random.ts';

const bytes = [0x00, 0x01, 0x08, 0x0a, 0x12, 0x7f, 0x80, 0xff];
const words = [0, 1, 4, 0xff, 0x1000, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff];
const sizes = [0, 1, 511, 512, 513, 0x7fffffff, 0xffffffff, 8 ** 11 - 1, 2 ** 40, 2 ** 52, 2 ** 53 - 1, 2 ** 63];
const types = ['\0', '0', '1', '2', '3', '4', '5', '6', '7', 'L', 'K', 'x', 'g', 'S', 'D', 'V', 'M', 'N', 'Z', '\xff'];

/** An archive made from a sound one by a few changes, most of them to what gives it its structure. */
export function mutate(original: Original, random: Random): Uint8Array {
  if (random.oneIn(20)) return edit(Buffer.from(original.bytes), 1 + random.below(4), random);
  const members = [...original.members];
  for (let changes = random.oneIn(3) ? 3 : 1; changes > 0; changes--) changeMember(members, original, random);
  if (random.oneIn(12)) return changeTar(forgeTar(members), random);
  return forgeTar(members);
}

function changeMember(members: Member[], original: Original, random: Random): void {
  const indices = members.flatMap(({ name, type }, i) => (type === undefined && (!/pages-\d/.test(name) || random.oneIn(20)) ? [i] : []));
  if (indices.length === 0) return;
  const index = random.pick(indices);
  const member = members[index]!;
  const image = original.images.get(index);
  const kind = random.below(10);
  // Members are taken out last and put in nowhere, so that indices keep their meaning.
  if (kind === 0) members[index] = { ...member, body: members[random.below(members.length)]!.body };
  else if (kind === 1) members[index] = { ...member, body: member.body.subarray(0, random.below(member.body.length + 1)) };
  else if (kind < 6 && image !== undefined) members[index] = { ...member, body: changeField(image, random) };
  else members[index] = { ...member, body: edit(Buffer.from(member.body), 1 + random.below(3), random) };
}

/** Flips bits, sets bytes and words, swaps and repeats stretches. */
function edit(target: Buffer, count: number, random: Random): Buffer {
  if (target.length === 0) return target;
  // Structure is dense at the beginning: half of the changes are made there.
  const place = (): number => random.below(random.oneIn(2) ? Math.min(256, target.length) : target.length);
  for (let i = 0; i < count; i++) {
    const at = place();
    const kind = random.below(6);
    if (kind === 0) target[at]! ^= 1 << random.below(8);
    else if (kind === 1) target[at] = random.pick(bytes);
    else if (kind === 2) target[at] = random.below(256);
    else if (kind === 3 && at + 4 <= target.length) target.writeUInt32LE(random.pick(words), at);
    else if (kind === 4) target.copyWithin(at, place(), Math.min(target.length, at + 1 + random.below(64)));
    else target.fill(random.pick(bytes), at, Math.min(target.length, at + random.below(16)));
  }
  return target;
}

/** Changes headers of a tar, most with a right checksum, or its blocks. */
function changeTar(tar: Buffer, random: Random): Buffer {
  const headers: number[] = [];
  for (let at = 0; at + 512 <= tar.length; at += 512) if (tar.toString('latin1', at + 257, at + 262) === 'ustar') headers.push(at);
  const header = random.pick(headers);
  const block = tar.subarray(header, header + 512);
  const kind = random.below(6);
  if (kind === 0) writeSize(block, 124, random.pick(sizes));
  else if (kind === 1) block.write(random.pick(types), 156, 1, 'latin1');
  else if (kind === 2) edit(block, 2, random);
  else if (kind === 3) return tar.subarray(0, random.below(tar.length + 1));
  else if (kind === 4) {
    const other = random.pick(headers);
    const kept = Buffer.from(block);
    tar.copy(tar, header, other, other + 512);
    kept.copy(tar, other);
  } else return edit(tar, 8, random);
  if (!random.oneIn(4)) withChecksum(block);
  return tar;
}
