import type { Alert } from '../alert.ts';
import type { PolicyMatch } from './policy.ts';

/** What the cluster knows of an alert's target. */
export interface TargetFacts {
  readonly labels: Readonly<Record<string, string>>;
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** Image of the container, as the pod names it. */
  readonly images: readonly string[];
  /** Top-most owner as `Kind/name`: `Deployment/api`. */
  readonly owner: string | undefined;
}

/** The first condition that an alert does not meet, in words; undefined where all hold. */
export function mismatch(match: PolicyMatch, alert: Alert, facts: TargetFacts, container: string | undefined): string | undefined {
  const { target } = alert;
  const checks: readonly [string, readonly string[] | undefined, readonly string[]][] = [
    ['source', match.source, [alert.source]],
    ['rule', match.rule, [alert.rule]],
    ['priority', match.priority, alert.priority === undefined ? [] : [alert.priority]],
    ['tags', match.tags, alert.tags],
    ['namespace', match.namespace, [target.namespace]],
    ['pod', match.pod, target.pod === undefined ? [] : [target.pod]],
    ['container', match.container, container === undefined ? [] : [container]],
    ['image', match.image, alert.image === undefined ? facts.images : [alert.image, ...facts.images]],
    ['owner', match.owner, facts.owner === undefined ? [] : [facts.owner]],
    ...mapChecks('field', match.fields, alert.fields),
    ...mapChecks('label', match.labels, facts.labels),
    ...mapChecks('namespace label', match.namespaceLabels, facts.namespaceLabels),
  ];
  if (match.severity !== undefined && (alert.severity ?? 0) < match.severity) {
    return `severity ${alert.severity ?? 'unknown'} is below ${match.severity}`;
  }
  for (const [what, wanted, values] of checks) {
    if (wanted !== undefined && !meets(wanted, values)) return `${what} ${values.length === 0 ? 'is not known' : values.join(', ')}, wanted ${wanted.join(' or ')}`;
  }
  return undefined;
}

function mapChecks(what: string, wanted: Readonly<Record<string, readonly string[]>> | undefined, values: Readonly<Record<string, string>>) {
  return Object.entries(wanted ?? {}).map(([name, patterns]) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return [`${what} ${name}`, patterns, value === undefined ? [] : [value]] as const;
  }).map(([name, patterns, found]): [string, readonly string[], readonly string[]] => [name, patterns, found]);
}

/** One value meets one of the plain patterns, and none meets a pattern that is turned around. */
function meets(patterns: readonly string[], values: readonly string[]): boolean {
  const plain = patterns.filter((pattern) => !pattern.startsWith('!'));
  const turned = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  if (turned.some((pattern) => values.some((value) => matchesPattern(pattern, value)))) return false;
  return plain.length === 0 || plain.some((pattern) => values.some((value) => matchesPattern(pattern, value)));
}

/** `*` stands for any run of characters; case counts. Linear in the length of the value for each `*`. */
export function matchesPattern(pattern: string, value: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === value;
  if (!value.startsWith(first)) return false;
  let position = first.length;
  const last = rest.pop() ?? '';
  for (const part of rest) {
    const found = value.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  return value.length - position >= last.length && value.endsWith(last);
}
