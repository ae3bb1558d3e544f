import type { Piece } from './memory-view.ts';

/** Gaps that are larger keep what lies around them apart: the parts of an address space. */
const wideGap = 1n << 30n;

/**
 * Neighbours folded into one until there are at most `most`: first those of one file, then those of one kind, then whatever
 * lies side by side. What a finding is about stays alone where that can be.
 */
export function foldSegments(pieces: readonly Piece[], most: number): readonly Piece[] {
  let folded = pieces;
  const steps: ((a: Piece, b: Piece) => boolean)[] = [
    (a, b) => a.name !== '' && a.name === b.name && a.end === b.start,
    (a, b) => a.name === b.name && a.kind === b.kind && b.start - a.end < wideGap,
    (a, b) => a.kind === b.kind && b.start - a.end < wideGap,
    (a, b) => isCode(a) === isCode(b) && b.start - a.end < wideGap,
  ];
  for (const fits of steps) {
    if (folded.length <= most) return folded;
    folded = foldWhere(folded, (a, b) => !a.apart && !b.apart && fits(a, b), most);
  }
  return foldSmallest(folded, most);
}

function isCode({ kind }: Piece): boolean {
  return kind === 'program' || kind === 'library';
}

/** Folds pairs of neighbours, pass by pass, so that what is folded stays of like size. */
function foldWhere(pieces: readonly Piece[], fits: (a: Piece, b: Piece) => boolean, most: number): readonly Piece[] {
  let folded = pieces;
  for (let before = Number.POSITIVE_INFINITY; folded.length > most && folded.length < before; ) {
    before = folded.length;
    folded = foldPairs(folded, fits, folded.length - most);
  }
  return folded;
}

function foldPairs(pieces: readonly Piece[], fits: (a: Piece, b: Piece) => boolean, mostPairs: number): readonly Piece[] {
  const folded: Piece[] = [];
  let pairs = 0;
  for (let i = 0; i < pieces.length; i++) {
    const [piece, next] = [pieces[i], pieces[i + 1]];
    if (piece === undefined) continue;
    if (next !== undefined && pairs < mostPairs && fits(piece, next)) {
      folded.push(joined(piece, next));
      pairs += 1;
      i += 1;
    } else folded.push(piece);
  }
  return folded;
}

/** Folds whatever is small, then whatever there is: a picture has an end. */
function foldSmallest(pieces: readonly Piece[], most: number): readonly Piece[] {
  const folded = foldWhere(pieces, (a, b) => !a.apart && !b.apart, most);
  return foldWhere(folded, () => true, most);
}

function joined(a: Piece, b: Piece): Piece {
  const larger = b.bytes > a.bytes ? b : a;
  return {
    start: a.start,
    end: b.end,
    bytes: a.bytes + b.bytes,
    storedBytes: a.storedBytes + b.storedBytes,
    kind: larger.kind,
    permissions: a.permissions === b.permissions ? a.permissions : 'mixed',
    executable: a.executable || b.executable,
    writableCode: a.writableCode || b.writableCode,
    name: a.name === b.name ? a.name : larger.name,
    mappings: a.mappings + b.mappings,
    apart: a.apart || b.apart,
  };
}
