import { CfnNamedQuery, type CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { type Hunt, renderHunt, shippedHunts } from '@icecore/hunts';
import type { Construct } from 'constructs';

/** Every hunt as a named query: the statement with `?` for its parameters, and in front of it what each of them is. */
export function namedQueries(scope: Construct, workGroup: CfnWorkGroup, database: string): CfnNamedQuery[] {
  return shippedHunts().map((hunt) => {
    const query = new CfnNamedQuery(scope, `Hunt-${hunt.name}`, { name: hunt.name, description: `${hunt.title}. ${hunt.question}`, database, workGroup: workGroup.name, queryString: statement(hunt) });
    query.addResourceDependency(workGroup);
    return query;
  });
}

function statement(hunt: Hunt): string {
  const example = Object.fromEntries(hunt.parameters.map(({ name, type, default: given }) => [name, given ?? exampleOf[type]]));
  const { sql, parameters } = renderHunt(hunt, example);
  const head = [`-- ${hunt.question}`, ...hunt.parameters.map(({ name, type, summary }) => `-- ${name} (${type}): ${summary}`)];
  const values = parameters.length === 0 ? [] : [`-- The ? in their order, for example: ${parameters.map((value) => `'${String(value).replaceAll("'", "''")}'`).join(', ')}`];
  return [...head, ...values, sql].join('\n');
}

/** A value of each type, from the ranges that RFC 5737 keeps for examples. */
const exampleOf = { text: 'example', number: '1', date: '2026-01-01', yesno: 'no', network: '192.0.2.0/24', address: '192.0.2.1' } as const;
