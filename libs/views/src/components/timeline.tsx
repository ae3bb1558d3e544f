import { scaleUtc } from 'd3-scale';
import type { VNode } from 'preact';
import type { CaptureView } from '../model/capture-view.ts';
import type { EventView } from '../model/timeline-view.ts';
import { Evidence } from './evidence-text.tsx';
import { counted, formatCount, formatMoment } from './format.ts';
import { Scrollable, Section } from './section.tsx';
import { FindingLinks } from './severity.tsx';

/** What the evidence gives a time for. */
export function Timeline({ view: { timeline } }: { readonly view: CaptureView }): VNode {
  const { listed, total } = timeline;
  const shown = listed.reduce((sum, { count }) => sum + count, 0);
  return (
    <Section id="timeline" lead={listed.length === 0 ? 'Nothing in the archive has a time.' : 'What the archive gives a time for: files, logs, commands, the container itself. No image records when a process started, and times of files are what whoever wrote them let them be.'}>
      {listed.length < 2 ? null : <Strip events={listed} />}
      <ol class="events" data-filterable="events">
        {listed.map((event, i) => (
          <Event event={event} before={listed[i - 1]?.at} />
        ))}
      </ol>
      {total > shown ? <p class="more">{counted(total - shown, 'more event')}, further from the capture.</p> : null}
    </Section>
  );
}

function Event({ event, before }: { readonly event: EventView; readonly before: string | undefined }): VNode {
  const { at, kind, what, subject, pid, findings, members, count } = event;
  const sameDay = before?.slice(0, 10) === at.slice(0, 10);
  return (
    <li class={`event ${kind}`} data-filter-row>
      <time datetime={at} title={formatMoment(at)}>
        <span class={sameDay ? 'day repeated' : 'day'}>{at.slice(0, 10)}</span> {at.slice(11, 19)}
        <span class="milliseconds">{at.slice(19, 23)}</span>
      </time>
      <div>
        {count > 1 ? (
          <details>
            <summary>
              {formatCount(count)} × {what}{subject === undefined ? null : <> below <Evidence text={subject} code /></>}
            </summary>
            <ul class="members">
              {members.map((member) => (
                <li><Evidence text={member} code /></li>
              ))}
              {count > members.length ? <li>and {formatCount(count - members.length)} more</li> : null}
            </ul>
          </details>
        ) : (
          <p>
            {what}{pid === undefined ? null : <> in <a href={`#process-${pid}`}>process {pid}</a></>} {subject === undefined ? null : <Evidence text={subject} code />} <FindingLinks numbers={findings} />
          </p>
        )}
      </div>
    </li>
  );
}

const width = 1000;
const inset = 8;

/** When things happened, on one line; the last quarter of an hour before the capture where older things would press it into a dot. */
function Strip({ events }: { readonly events: readonly EventView[] }): VNode | null {
  const times = events.map(({ at }) => Date.parse(at));
  const end = Math.max(...events.flatMap(({ kind, at }) => (kind === 'container' ? [Date.parse(at)] : [])), Number.NEGATIVE_INFINITY);
  const last = Number.isFinite(end) ? end : Math.max(...times);
  const created = events.find(({ kind }) => kind === 'container')?.at;
  const first = created === undefined || Date.parse(created) === last ? Math.min(...times) : Date.parse(created);
  const drawn = events.filter(({ at }) => Date.parse(at) >= first && Date.parse(at) <= last);
  if (last <= first || drawn.length < 2) return null;
  const scale = scaleUtc().domain([new Date(first), new Date(last)]).range([inset, width - inset]);
  const format = scale.tickFormat(8);
  return (
    <figure class="picture">
      <Scrollable label="Timeline">
        <svg class="time-strip" viewBox={`0 0 ${width} 58`} role="img" aria-label={`${counted(drawn.length, 'event')} from ${formatMoment(new Date(first).toISOString())} to ${formatMoment(new Date(last).toISOString())}; the list below has the same`}>
          <path d={`M0 34H${width}`} class="axis" />
          {scale.ticks(8).map((tick) => (
            <g class="tick">
              <path d={`M${scale(tick)} 34v5`} />
              <text x={scale(tick)} y="52" text-anchor="middle">{format(tick)}</text>
            </g>
          ))}
          {drawn.map(({ at, kind, findings, count, what }) => {
            const x = Math.round(scale(new Date(at)) * 10) / 10;
            const height = kind === 'container' ? 30 : findings.length > 0 ? 22 : Math.min(18, 5 + 3 * Math.log2(count));
            return (
              <path d={`M${x} 34V${34 - height}`} class={`moment ${kind} ${findings.length > 0 ? 'found' : ''}`}>
                <title>{`${formatMoment(at)}: ${what}${count > 1 ? ` × ${count}` : ''}`}</title>
              </path>
            );
          })}
        </svg>
      </Scrollable>
      {drawn.length < events.length ? <figcaption>From the container’s creation to its checkpoint; {counted(events.length - drawn.length, 'event')} outside of that are in the list.</figcaption> : null}
    </figure>
  );
}
