import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

/** A window over the page, which Escape closes. */
export function Dialog({ title, open, onClose, children }: { readonly title: string; readonly open: boolean; onClose(): void; readonly children: ComponentChildren }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    if (open && dialog.current?.open === false) dialog.current.showModal();
    if (!open && dialog.current?.open === true) dialog.current.close();
  }, [open]);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose} onClick={(event) => event.target === dialog.current && onClose()}>
      {open && (
        <div class="dialog">
          <header><h2 id={id}>{title}</h2><button type="button" class="quiet" onClick={onClose}>Close</button></header>
          <div class="dialog-body">{children}</div>
        </div>
      )}
    </dialog>
  );
}
