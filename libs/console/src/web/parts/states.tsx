import type { ComponentChildren, VNode } from 'preact';
import type { Answer } from '../api.ts';

/** What stands where an answer will be: that it is being fetched, why it is not there, or the answer. */
export function Shown<T>({ answer, what, children }: { readonly answer: Answer<T> & { readonly again: () => void }; readonly what: string; readonly children: (value: T) => ComponentChildren }): VNode {
  if (answer.state === 'failed' && answer.value === undefined) return <Failure error={answer.error} again={answer.again} />;
  if (answer.value === undefined) return <Loading what={what} />;
  return <div class={answer.state === 'loading' ? 'shown aging' : 'shown'} aria-busy={answer.state === 'loading'}>{children(answer.value)}</div>;
}

export function Loading({ what }: { readonly what: string }): VNode {
  return <p class="state" role="status"><span class="spinner" aria-hidden="true" /> Reading {what}…</p>;
}

export function Failure({ error, again }: { readonly error: Error; readonly again?: () => void }): VNode {
  return (
    <div class="state failure" role="alert">
      <p><strong>That did not work.</strong> {error.message}</p>
      {again !== undefined && <button type="button" onClick={again}>Try again</button>}
    </div>
  );
}

export function Empty({ children }: { readonly children: ComponentChildren }): VNode {
  return <div class="state empty">{children}</div>;
}
