import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { setQuery } from '../router.ts';

/** A text that rows must hold; the address follows what is written, a moment later. */
export function TextFilter({ value, label, name = 'text' }: { readonly value: string; readonly label: string; readonly name?: string }): VNode {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => setText(value), [value]);
  return (
    <label class="filter"><span>{label}</span>
      <input type="search" value={text} spellcheck={false} autocomplete="off" maxLength={500} onInput={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setQuery({ [name]: next }), 250);
      }} />
    </label>
  );
}

/** One of several values, or any. */
export function Choice({ value, label, name, options, any = 'any' }: { readonly value: string; readonly label: string; readonly name: string; readonly options: readonly (string | readonly [value: string, title: string])[]; readonly any?: string | null }): VNode {
  return (
    <label class="filter"><span>{label}</span>
      <select value={value} onChange={(event) => setQuery({ [name]: event.currentTarget.value })}>
        {any !== null && <option value="">{any}</option>}
        {options.map((option) => (typeof option === 'string' ? [option, option] as const : option)).map(([each, title]) => <option key={each} value={each} selected={each === value}>{title}</option>)}
      </select>
    </label>
  );
}
