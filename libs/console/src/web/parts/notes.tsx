import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { CaseRecord, Note, NoteDraft } from '../../contract/case.ts';
import { send } from '../api.ts';
import { useShared } from '../session.ts';
import { Evidence, Moment } from '../text.tsx';
import { Failure } from './states.tsx';

/** Notes about a capture, a finding in one, or the case as a whole; and a place to write another. */
export function Notes({ capture, finding }: { readonly capture?: string; readonly finding?: string }): VNode {
  const { record, setRecord } = useShared();
  const [text, setText] = useState('');
  const [tags, setTags] = useState('');
  const [error, setError] = useState<Error | undefined>(undefined);
  const shown = (record?.notes ?? []).filter((note) => (capture === undefined || note.capture === capture) && (finding === undefined || note.finding === finding));
  const done = (changed: CaseRecord): void => {
    setRecord(changed);
    setText('');
    setTags('');
    setError(undefined);
  };
  return (
    <section class="sheet notes">
      <h2>Notes</h2>
      {shown.length === 0 && <p class="muted">Nobody has written a note{finding !== undefined ? ' about this finding' : capture !== undefined ? ' about this capture' : ''} yet.</p>}
      <ul class="plain">{shown.map((note) => <NoteItem key={note.id} note={note} about={capture === undefined} onRemove={() => void send<CaseRecord>('DELETE', `/case/notes/${note.id}`).then(setRecord, setError)} />)}</ul>
      <form onSubmit={(event) => {
        event.preventDefault();
        const draft: NoteDraft = { text, tags: tags.split(/[\s,]+/).filter((tag) => tag !== ''), capture: capture ?? null, finding: finding ?? null };
        send<CaseRecord>('POST', '/case/notes', draft).then(done, setError);
      }}>
        <label class="field"><span>Note</span><textarea required rows={3} maxLength={20_000} value={text} onInput={(event) => setText(event.currentTarget.value)} /></label>
        <label class="field"><span>Tags, with spaces between</span><input value={tags} maxLength={500} onInput={(event) => setTags(event.currentTarget.value)} /></label>
        <button type="submit">Add the note</button>
        {error !== undefined && <Failure error={error} />}
      </form>
    </section>
  );
}

function NoteItem({ note, about, onRemove }: { readonly note: Note; readonly about: boolean; onRemove(): void }): VNode {
  return (
    <li class="note">
      <p class="muted small">{note.by}, <Moment at={note.at} />{about && note.capture !== null && <>, about <a href={note.finding === null ? `/captures/${encodeURIComponent(note.capture)}` : `/findings/${encodeURIComponent(note.capture)}/${encodeURIComponent(note.finding)}`}>{note.finding === null ? 'capture' : 'a finding in'} {note.capture.slice(0, 12)}</a></>} {note.tags.map((tag) => <span key={tag} class="tag">{tag}</span>)}</p>
      <p class="written"><Evidence text={note.text} most={20_000} lines /></p>
      <button type="button" class="quiet small" onClick={onRemove}>Remove</button>
    </li>
  );
}
