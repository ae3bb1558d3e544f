/** Shannon entropy of a text, in bits a character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return entropyOfCounts([...counts.values()]);
}

/** Shannon entropy by how often each value occurs, in bits a value. */
export function entropyOfCounts(counts: readonly number[] | Uint32Array): number {
  let total = 0;
  for (const count of counts) total += count;
  let entropy = 0;
  for (const count of counts) if (count > 0) entropy -= (count / total) * Math.log2(count / total);
  return entropy;
}

const placeholderWords = /example|sample|dummy|placeholder|changeme|change_me|redacted|xxxxx|your[_-]|my[_-]?(?:key|token|secret|password)|<[^>]*>|\$\{|\{\{|%[sd]\b|^\*+$|\.\.\.|0123456789|1234567890|abcdefgh/i;

/** What people write where a secret would stand: `changeme`, `${TOKEN}`, `xxxx`, an alphabet, one character again and again. */
export function isPlaceholder(value: string): boolean {
  return placeholderWords.test(value) || /^(.)\1+$/.test(value) || new Set(value).size < 4;
}
