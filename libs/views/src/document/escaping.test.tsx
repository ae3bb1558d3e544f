import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { type CaptureView, reportDocument } from '../index.ts';
import { viewOf } from '../sample-view.test-support.ts';
import { type StrictElement, strictElements } from '../strict-html.test-support.ts';

const sample = fileURLToPath(new URL('../../../../samples/podman-attack.tar.zst', import.meta.url));
const tool = { name: 'icecore', version: '0.1.0' };

/** Fields whose text is of a fixed form, or ours, and so is no evidence. */
const fixed = new Set(['tactics', 'capabilities', 'ports', 'states', 'listens', 'seccomp', 'namespaces', 'engine', 'machine', 'compression', 'sha256', 'captureId', 'signal', 'detector', 'title', 'headline', 'what', 'falsePositives', 'mode', 'secret', 'severity', 'confidence', 'category', 'kind', 'state', 'change', 'type', 'origin', 'scope', 'direction', 'wrapping', 'takenAt', 'createdAt', 'at', 'modifiedAt', 'address', 'start', 'end', 'permissions', 'code', 'takenAtSource', 'bytes', 'peer', 'id']);

/** The view with every text of the evidence replaced: hostile text in every field at once. */
function withText(value: unknown, text: () => unknown, path: readonly string[] = []): unknown {
  if (typeof value === 'string') return isFixed(path) ? value : text();
  if (Array.isArray(value)) return value.map((each) => withText(each, text, path));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withText(each, text, [...path, name])]));
}

function isFixed(path: readonly string[]): boolean {
  const key = path.at(-1) ?? '';
  // Names of techniques and of facts, and commands, are ours; a title is where it is not an incident's.
  if (key === 'title') return path[0] !== 'incidents';
  return fixed.has(key) || /Command$|^command$/.test(key) || (key === 'name' && ['techniques', 'facts'].includes(path.at(-2) ?? ''));
}

/** Elements without those that stand around characters which are named. */
function structure(elements: readonly StrictElement[]): readonly string[] {
  return elements
    .filter(({ attributes }) => !['mark', 'cut'].includes(attributes.get('class') ?? ''))
    .map(({ tag, attributes }) => `${tag} ${[...attributes.keys()].join(' ')}`);
}

const scraps = ['<script>window.__pwned=1</script>', '"><img src=x onerror=alert(1)>', "' onmouseover='x", '</title><svg onload=x>', '</style><script>x</script>', '</script>', '<!--', ']]>', '&lt;b&gt;', '&#60;b>', '\u202egnp.exe', '\u0000\u001b[31m', '\ud800', '\udc80\udcff', '{{x}}', '${x}', 'javascript:alert(1)', '\n\r\t', '\u2066\u2069\u2028', 'a'.repeat(400)];
const hostile = fc.oneof(fc.constantFrom(...scraps), fc.string({ unit: 'binary', maxLength: 60 }), fc.array(fc.constantFrom(...scraps), { maxLength: 3 }).map((parts) => parts.join('')));

(existsSync(sample) ? describe : describe.skip)('text of the evidence', () => {
  let view: CaptureView;
  let plain: readonly string[];
  beforeAll(async () => {
    view = await viewOf(readFileSync(sample), 'samples/podman-attack.tar.zst');
    plain = structure(strictElements(reportDocument(changed(() => 'plain'), tool)));
  });
  const changed = (text: () => unknown): CaptureView => withText(view, text) as CaptureView;

  it('adds no element and no attribute, whatever it is and wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 12 }), (texts) => {
        let i = 0;
        const next = (): string => texts[i++ % texts.length] ?? '';
        const html = reportDocument(changed(next), tool);
        expect(structure(strictElements(html)).filter((each) => !plain.includes(each))).toEqual([]);
        expect(html.match(/<script/g)).toHaveLength(1);
        // Nothing that moves the text around it, and nothing that no one sees, but line ends of our own.
        expect(html).not.toMatch(/(?![\t\n])\p{Cc}|[\u200b-\u200f\u202a-\u202e\u2066\u2067]/u);
        expect(html.isWellFormed()).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it('is cut with its length said where it is long', () => {
    const html = reportDocument(changed(() => ({ start: 'a'.repeat(400), length: 1_048_576 })), tool);
    expect(html).toContain('1\u202f048\u202f576 characters in all');
    expect(html.length).toBeLessThan(3 << 20);
  });

  it('cannot give an anchor of its own or a link', () => {
    const html = reportDocument(changed(() => 'javascript:alert(1)'), tool);
    const links = strictElements(html).flatMap(({ attributes }) => attributes.get('href') ?? []);
    expect(links.filter((link) => !/^(?:#[a-z]+(?:-\d+)?|https:\/\/attack\.mitre\.org\/techniques\/T[\d/]+)$/.test(link))).toEqual([]);
  });
});
