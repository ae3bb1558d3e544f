import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SessionAnswer } from '../contract/answers.ts';
import type { CaseRecord } from '../contract/case.ts';
import { ApiError, useGet } from './api.ts';
import { Help } from './parts/help.tsx';
import { Failure, Loading } from './parts/states.tsx';
import { goTo, useGlobalKeys } from './keys.ts';
import { PageOf } from './pages/routes.tsx';
import { isRule, rulesAddress } from './parts/rule-text.ts';
import { followLinks, href, navigate, usePlace } from './router.ts';
import { SharedContext } from './session.ts';
import { Spent } from './spent.tsx';
import { applyTheme, savedTheme, type Theme, themes } from './theme.ts';

/** The console: a bar with the search over everything, the places to go, and a page. */
export function App(): VNode {
  const place = usePlace();
  const session = useGet<SessionAnswer>('/session');
  const loaded = useGet<CaseRecord & { readonly path: string }>(session.state === 'ready' ? '/case' : undefined);
  const [record, setRecord] = useState<CaseRecord | undefined>(undefined);
  const [helping, setHelping] = useState(false);
  const [menu, setMenu] = useState(false);
  const [theme, setTheme] = useState<Theme>(savedTheme);
  const search = useRef<HTMLInputElement>(null);
  const nextTheme = (): void => {
    const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
    applyTheme(next);
    setTheme(next);
  };
  useGlobalKeys({ search: () => search.current?.select(), help: () => setHelping(true), theme: nextTheme });
  useEffect(() => {
    document.addEventListener('click', followLinks);
    return () => document.removeEventListener('click', followLinks);
  }, []);
  useEffect(() => setMenu(false), [place.path]);
  const asked = place.path === '/search' ? place.query.get('value') ?? '' : '';
  return (
    <>
      <a class="skip" href="#page" onClick={toThePage}>To the page</a>
      <header class="bar">
        <a class="brand" href="/" aria-label="icecore, overview"><Mark /><span>icecore</span></a>
        <form role="search" onSubmit={(event) => {
          event.preventDefault();
          const value = search.current?.value.trim() ?? '';
          if (isRule(value)) navigate(rulesAddress(value));
          else if (value !== '') navigate(href('/search', { value }));
          search.current?.blur();
        }} onPaste={(event) => {
          // A field of one line would join the lines of a rule.
          const text = event.clipboardData?.getData('text/plain').trim() ?? '';
          if (!isRule(text) || !text.includes('\n')) return;
          event.preventDefault();
          navigate(rulesAddress(text));
          search.current?.blur();
        }}>
          <input key={asked} ref={search} type="search" name="value" defaultValue={asked} aria-label="Search all captures for an indicator" placeholder="Hash, address, path, text, YARA rule" autocomplete="off" spellcheck={false} maxLength={4096} />
          <kbd aria-hidden="true">/</kbd>
        </form>
        <div class="tools">
          <Spent />
          <button type="button" class="quiet" onClick={nextTheme} aria-label={`Colours: ${theme}. Change`} title={`Colours: ${theme} (T)`}><ThemeIcon theme={theme} /></button>
          <button type="button" class="quiet" onClick={() => setHelping(true)} aria-label="Keys and help" title="Keys and help (?)">?</button>
          <button type="button" class="quiet menu" aria-expanded={menu} aria-controls="places" onClick={() => setMenu(!menu)}>Menu</button>
        </div>
      </header>
      <nav id="places" class={menu ? 'places open' : 'places'} aria-label="Places">
        {Object.entries(goTo).map(([letter, [path, title]]) => (
          <a key={path} href={path} aria-current={isHere(path, place.path) ? 'page' : undefined} title={`g ${letter}`}>{title}</a>
        ))}
      </nav>
      <main id="page" tabIndex={-1}>
        {session.state === 'failed'
          ? session.error instanceof ApiError && session.error.code === 'no_session' ? <NoSession /> : <Failure error={session.error} again={session.again} />
          : session.value === undefined
            ? <Loading what="the console" />
            : <SharedContext.Provider value={{ session: session.value, record: record ?? loaded.value, setRecord }}><PageOf place={place} /></SharedContext.Provider>}
      </main>
      <Help open={helping} onClose={() => setHelping(false)} />
    </>
  );
}

/** The address stays that of the page, and the keys that follow find the page where the link was. */
function toThePage(event: MouseEvent): void {
  event.preventDefault();
  const page = document.getElementById('page');
  page?.focus();
  page?.scrollIntoView();
}

function isHere(path: string, at: string): boolean {
  return path === '/' ? at === '/' : at === path || at.startsWith(`${path}/`);
}

function NoSession(): VNode {
  return (
    <section class="sheet narrow">
      <h1>This console is closed to this browser</h1>
      <p>It opens with the link that <code>icecore serve</code> printed in its terminal. A link works once; after that the terminal shows another.</p>
    </section>
  );
}

function Mark(): VNode {
  return (
    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" class="logo">
      <path d="M12 1.8 21 7v10l-9 5.2L3 17V7z" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linejoin="round" />
      <path d="M12 6.6 16.8 9.4v5.2L12 17.4l-4.8-2.8V9.4z" fill="currentColor" opacity=".35" /><circle cx="12" cy="12" r="2.1" fill="currentColor" />
    </svg>
  );
}

function ThemeIcon({ theme }: { readonly theme: Theme }): VNode {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <circle cx="8" cy="8" r="6" fill={theme === 'dark' ? 'currentColor' : 'none'} stroke="currentColor" stroke-width="1.5" />
      {theme === 'system' && <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />}
    </svg>
  );
}
