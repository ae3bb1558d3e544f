import { bigint, nullable, text, type ValuesOf } from '@icecore/lake';
import type { Gap } from '@icecore/bytes';
import { type Filling, filledTable } from '../filled-table.ts';
import { compareText, whole } from '../values.ts';

const columns = {
  code: text('Kind of gap: truncated, malformed, limit, unsupported, missing, or not_captured for what no such archive can hold.'),
  subject: text('What is absent from the tables.'),
  reason: text('Why.'),
  entry: nullable(text('Entry of the archive that it is about; NULL where it is about none.')),
  criu_image: nullable(text('CRIU image that it is about; NULL where it is about none.')),
  image_offset: nullable(bigint('Offset in the innermost of the above, in bytes; NULL where it is about no one place.')),
};

/** Filled last: it holds what filling the other tables has left out, too. */
export const gaps = filledTable(
  {
    name: 'gaps',
    description: 'Something that the tables of a capture do not hold, and why. What is in no table and no gap was not there.',
    version: 1,
    columns,
    sortBy: ['code', 'subject', 'reason'],
  },
  function* ({ snapshot, gaps: own, redaction: { text: clean } }: Filling): Iterable<ValuesOf<typeof columns>> {
    for (const { code, subject, reason, place } of [...snapshot.gaps, ...own].map((gap) => ({ ...gap, subject: clean(gap.subject), reason: clean(gap.reason) })).sort(compareGaps)) {
      yield { code, subject, reason, entry: place.entry ?? null, criu_image: place.image ?? null, image_offset: whole(place.offset) };
    }
  },
);

function compareGaps(left: Gap, right: Gap): number {
  return compareText(left.code, right.code) || compareText(left.subject, right.subject) || compareText(left.reason, right.reason);
}
