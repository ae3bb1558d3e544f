import { stepProgress } from './step-progress.ts';

const at = new Date('2026-11-25T10:00:00Z');

/** The line that a screen of so many columns shows, and what was noted. */
function screen(columns: number): { line(): string; readonly notes: string[]; readonly terminal: Parameters<typeof stepProgress>[1] } {
  const notes: string[] = [];
  let shown = '';
  return {
    line: () => shown,
    notes,
    terminal: {
      note: (text) => void notes.push(text),
      progress: (...forms) => void (shown = forms.find((form) => form === undefined || form.length < columns) ?? forms.at(-1)?.slice(0, columns - 1) ?? ''),
    },
  };
}

/** Lets the view see the steps up to the scan, of which a part is done. */
function untilScan({ onEvent }: ReturnType<typeof stepProgress>): void {
  for (const place of ['verify', 'inventory', 'decode']) for (const kind of ['entered', 'succeeded'] as const) onEvent?.({ kind, place, type: 'Task', at });
  onEvent?.({ kind: 'entered', place: 'scan', type: 'Map', at });
  onEvent?.({ kind: 'items', place: 'scan', done: 3, failed: 0, total: 7, at });
}

describe('the view of an analysis', () => {
  it.each([
    [200, '/evidence/case-7/checkpoint-shop_web-nginx-2026-11-23T07-26-29Z.tar', '2/6 /evidence/case-7/checkpoint-shop_web-nginx-2026-11-23T07-26-29Z.tar: verify ✓  inventory ✓  decode ✓  scan 42 %  · detect  · tables  · publish'],
    [90, 'a.tar', '2/6 a.tar: verify ✓  inventory ✓  decode ✓  scan 42 %  · detect  · tables  · publish'],
    [80, 'a.tar', '2/6 a.tar: ✓✓✓ scan 42 % ···'],
    [80, '/evidence/case-7/checkpoint-shop_web-nginx-2026-11-23T07-26-29Z.tar', '2/6 checkpoint-shop_web-nginx-2026-11-23T07-26-29Z.tar: ✓✓✓ scan 42 % ···'],
    [60, '/evidence/case-7/checkpoint-shop_web-nginx-2026-11-23T07-26-29Z.tar', '2/6 …ginx-2026-11-23T07-26-29Z.tar: ✓✓✓ scan 42 % ···'],
  ])('on %i columns always shows the step that is at work, of %s', (columns, path, expected) => {
    const { line, terminal } = screen(columns);
    untilScan(stepProgress({ path, number: 2, of: 6 }, terminal));
    expect(line()).toBe(expected);
  });

  it('does not number one archive alone, and lets its name move nothing on the screen', () => {
    const { line, terminal } = screen(80);
    untilScan(stepProgress({ path: 'a\u001b[2Jb.tar', number: 1, of: 1 }, terminal));
    expect(line()).toBe('a\\x1b[2Jb.tar: ✓✓✓ scan 42 % ···');
  });

  it('tells on lines of their own what is tried again, and once that an analysis is taken up', () => {
    const { notes, terminal } = screen(80);
    const { onEvent } = stepProgress({ path: 'a.tar', number: 1, of: 1 }, terminal);
    for (const place of ['verify', 'inventory']) onEvent?.({ kind: 'resumed', place, type: 'Task', at });
    onEvent?.({ kind: 'retried', place: 'decode', error: 'Unavailable', reason: 'the store does not answer', delaySeconds: 1.234, at });
    expect(notes).toEqual(['a.tar: an analysis of it was broken off and is taken up', 'a.tar: decode is tried again in 1.2 s: the store does not answer']);
  });
});
