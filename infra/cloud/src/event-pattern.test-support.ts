import { fits, patternOf } from './simulation/wildcard.ts';

/** True where EventBridge would match the event: exact values and `wildcard`, which are what rules here use; else an error. */
export function matchesEvent(pattern: unknown, event: unknown): boolean {
  if (!isRecord(pattern)) throw new Error('a pattern is no object');
  return Object.entries(pattern).every(([key, wanted]) => {
    const actual = isRecord(event) ? event[key] : undefined;
    return Array.isArray(wanted) ? wanted.some((one) => matchesValue(one, actual)) : matchesEvent(wanted, actual);
  });
}

function matchesValue(wanted: unknown, actual: unknown): boolean {
  if (!isRecord(wanted)) return wanted === actual;
  const { wildcard, ...others } = wanted;
  if (typeof wildcard !== 'string' || Object.keys(others).length > 0) throw new Error(`${JSON.stringify(wanted)} is not matched here`);
  return typeof actual === 'string' && fits(patternOf(wildcard), actual);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
