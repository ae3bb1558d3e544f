/** The user's own indicators, by kind. Texts are looked for as they are spelt, in ASCII and UTF-16LE. */
export interface WatchList {
  readonly strings: readonly string[];
  readonly domains: readonly string[];
  readonly addresses: readonly string[];
  /** MD5, SHA-1 or SHA-256 in lower-case hex; compared with files, and looked for as text. */
  readonly hashes: readonly string[];
}

/** Most indicators of one list, and longest that one may be, in characters. */
export const maxWatchCount = 2000;
export const maxWatchLength = 200;

/** A list that cannot be used; the message names the line. */
export class WatchListError extends Error {
  override readonly name = 'WatchListError';
}

/** Reads a list: an indicator a line, `#` begins a comment. `string:` before one keeps it from being taken for anything else. */
export function parseWatchList(text: string): WatchList {
  const found = { strings: [] as string[], domains: [] as string[], addresses: [] as string[], hashes: [] as string[] };
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/(?:^|\s)#.*$/, '').trim();
    if (line === '') continue;
    const refused = (reason: string): WatchListError => new WatchListError(`line ${index + 1}: ${reason}`);
    const plain = line.startsWith('string:') ? line.slice('string:'.length) : undefined;
    const value = (plain ?? line).replaceAll('[.]', '.').replace(/^hxxp/i, 'http');
    if (value.length < 4 || value.length > maxWatchLength) throw refused(`an indicator has 4 to ${maxWatchLength} characters`);
    if (!/^[\x20-\x7e]+$/.test(value)) throw refused('an indicator is printable ASCII');
    if (plain !== undefined) found.strings.push(value);
    else if (/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(value)) found.hashes.push(value.toLowerCase());
    else if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(value)) found.addresses.push(value);
    else if (/^(?:[a-z0-9_-]{1,63}\.)+[a-z]{2,63}$/i.test(value)) found.domains.push(value.toLowerCase());
    else found.strings.push(value);
  }
  const count = found.strings.length + found.domains.length + found.addresses.length + found.hashes.length;
  if (count > maxWatchCount) throw new WatchListError(`${count} indicators, takes ${maxWatchCount}`);
  return found;
}

/** Every text of the list that is looked for, each once. */
export function watchedTexts({ strings, domains, addresses, hashes }: WatchList): readonly string[] {
  return [...new Set([...strings, ...domains, ...addresses, ...hashes])];
}

export function watchType(list: WatchList, text: string): 'string' | 'domain' | 'hash' | 'ip' {
  if (list.hashes.includes(text)) return 'hash';
  if (list.addresses.includes(text)) return 'ip';
  return list.domains.includes(text) ? 'domain' : 'string';
}

export const emptyWatchList: WatchList = { strings: [], domains: [], addresses: [], hashes: [] };
