import type { VNode } from 'preact';
import { goTo } from '../keys.ts';
import { useShared } from '../session.ts';
import { Dialog } from './dialog.tsx';

const keys: readonly (readonly [readonly string[], string])[] = [
  [['/'], 'search all captures'],
  [['j', 'k'], 'next and previous row; arrow keys, Page Up, Page Down, Home and End too'],
  [['Enter'], 'open the row'],
  [['T'], 'colours: system, light, dark'],
  [['?'], 'this help'],
  [['Esc'], 'close a window'],
  [['Ctrl Enter'], 'on the pages of SQL and YARA: ask'],
];

/** The keys, and the words of the search. */
export function Help({ open, onClose }: { readonly open: boolean; onClose(): void }): VNode {
  return (
    <Dialog title="Keys" open={open} onClose={onClose}>
      <dl class="keys">
        {keys.map(([pressed, what]) => <div key={what}><dt>{pressed.map((key) => <kbd key={key}>{key}</kbd>)}</dt><dd>{what}</dd></div>)}
        {Object.entries(goTo).map(([letter, [, title]]) => <div key={letter}><dt><kbd>g</kbd><kbd>{letter}</kbd></dt><dd>{title}</dd></div>)}
      </dl>
      <p>The search tells by its form what it was given: a hash, an IP address, a network such as <code>10.0.0.0/8</code>, a domain, a path, an e-mail address, a regular expression after <code>re:</code>, a YARA rule, or any text. Marks such as <code>hxxp</code> and <code>[.]</code> are understood.</p>
      <p>Every address of the console holds all that a page shows, and can be passed on to whoever works on the same lake.</p>
    </Dialog>
  );
}

/** Where the numbers are from. */
export function LakeLine(): VNode {
  const { session } = useShared();
  return <p class="muted small">Lake <code>{session.lake}</code>{session.vault !== null && <>, vault <code>{session.vault}</code></>}{session.archives.map((folder) => <span key={folder}>, archives <code>{folder}</code></span>)}; icecore {session.version}.</p>;
}
