import { formatGap } from '@icecore/bytes';
import { detector } from '../detector.ts';

export const partialCapture = detector({
  id: 'partial-capture',
  signal: 'S72',
  title: 'Evidence that is damaged or incomplete',
  version: 1,
  techniques: [],
  severity: 'medium',
  category: 'gap',
  needs: [],
  falsePositives: 'a dump that builds on an earlier one which is not at hand',
  *detect({ snapshot }) {
    const damage = snapshot.gaps.filter(({ code }) => code !== 'not_captured');
    const [first, ...rest] = damage;
    if (first === undefined) return;
    const { entry, image, offset } = first.place ?? {};
    yield {
      summary: `${damage.length} part${damage.length === 1 ? '' : 's'} of the archive cannot be read; the first: ${formatGap(first)}`.slice(0, 500),
      confidence: 'high',
      severity: 'low',
      evidence: [{ what: 'damage', ...(image === undefined && entry === undefined ? {} : { image: image ?? entry ?? '' }), ...(offset === undefined ? {} : { offset }), value: formatGap(first) }, ...rest.slice(0, 9).map((gap) => ({ what: 'damage', value: formatGap(gap) }))],
      facts: { reason: 'capture.partial' },
      key: 'partial',
    };
  },
});
