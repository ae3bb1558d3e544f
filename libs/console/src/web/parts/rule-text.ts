/** Longest rule that a server of the console takes, in characters. */
export const maxRuleLength = 262_144;

/** Whether a text is a YARA rule, by how it begins and that it has a condition. */
export function isRule(text: string): boolean {
  return text.length <= maxRuleLength && /(?:^|\n|\*\/|\})\s*(?:(?:private|global)\s+)*rule\s+[A-Za-z_]\w*\s*(?::[\w\s]+)?\{[\s\S]*\bcondition\s*:/.test(text);
}

/** Where a rule is asked; it is too long for a request's first line, and stays behind the `#`. */
export function rulesAddress(rule: string, capture?: string): string {
  return `/rules${capture === undefined ? '' : `?${new URLSearchParams({ capture })}`}#${new URLSearchParams({ rule })}`;
}
