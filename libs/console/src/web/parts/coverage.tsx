import type { VNode } from 'preact';
import type { CaptureAnswer } from '../../contract/answers.ts';
import { count, Evidence, textOf } from '../text.tsx';

/** What could not be seen: damage, what such an archive never holds, and detectors that could not look. */
export function Coverage({ answer: { gaps, coverage } }: { readonly answer: CaptureAnswer }): VNode {
  const damage = gaps.filter(({ code }) => code !== 'not_captured');
  const never = gaps.filter(({ code }) => code === 'not_captured');
  const blind = coverage.filter(({ state }) => state !== 'ran');
  return (
    <>
      <section class="sheet">
        <h2>Damaged or left out</h2>
        {damage.length === 0 ? <p>Nothing: all that the archive should hold could be read.</p> : <ul class="gaps">{damage.map((gap, i) => <Gap key={i} gap={gap} />)}</ul>}
      </section>
      <section class="sheet">
        <h2>Detectors that could not look</h2>
        {blind.length === 0 ? <p>None: all {coverage.length} looked.</p> : <ul class="gaps">{blind.map((each) => <li key={textOf(each['detector'])}><b>{textOf(each['detector'])}</b> ({textOf(each['signal'])}, {textOf(each['state'])}): <Evidence text={textOf(each['reason'])} /></li>)}</ul>}
        <details><summary>{count(coverage.length - blind.length, 'detector')} looked</summary><ul class="detectors">{coverage.filter(({ state }) => state === 'ran').map((each) => <li key={textOf(each['detector'])}>{textOf(each['signal'])} {textOf(each['detector'])} <span class="muted">{textOf(each['finding_count'])}</span></li>)}</ul></details>
      </section>
      <section class="sheet">
        <h2>What no such archive can hold</h2>
        {never.length === 0 ? <p class="muted">Nothing is named.</p> : <ul class="gaps">{never.map((gap, i) => <Gap key={i} gap={gap} />)}</ul>}
      </section>
    </>
  );
}

function Gap({ gap }: { readonly gap: CaptureAnswer['gaps'][number] }): VNode {
  return <li><b><Evidence text={textOf(gap['subject'])} most={300} /></b>: <Evidence text={textOf(gap['reason'])} most={600} />{gap['code'] !== 'not_captured' && <span class="muted small"> {textOf(gap['code'])} <Evidence text={textOf(gap['criu_image'] ?? gap['entry'])} most={120} /></span>}</li>;
}
