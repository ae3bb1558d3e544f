import type { CaseFileSet } from './case-file.ts';

/** Longest message, in characters: what is longer cannot be searched by keyword. */
const maxMessageLength = 8000;

const descriptions: readonly (readonly [RegExp, string])[] = [
  [/:created$/, 'Creation Time'],
  [/:checkpointed$/, 'Checkpoint Time'],
  [/:modified$/, 'Content Modification Time'],
  [/^shell:/, 'Command Entry Time'],
  [/:expires$/, 'Expiration Time'],
  [/^finding:/, 'Checkpoint Time'],
];

/** Events of every time that the captures hold, a JSON object a line, as Timesketch takes them; by time. */
export function* timesketchLines({ captures, events }: CaseFileSet): Generator<string> {
  const capture = new Map(captures.map((each) => [each.capture_id, each]));
  for (const { capture_id, happened_at, kind, message, pid } of events) {
    const of = capture.get(capture_id);
    yield JSON.stringify({
      message: message.length > maxMessageLength ? `${message.slice(0, maxMessageLength - 1)}…` : message,
      datetime: happened_at.toISOString(),
      timestamp: happened_at.getTime() * 1000,
      timestamp_desc: descriptions.find(([pattern]) => pattern.test(kind))?.[1] ?? 'Event Time',
      data_type: `criu:${kind}`,
      capture_id,
      cluster: of?.cluster,
      namespace: of?.namespace,
      pod: of?.pod,
      container: of?.container,
      pid,
    });
  }
}
