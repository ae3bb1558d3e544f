import { holds } from './conditions.ts';
import { RequestContext } from './context.ts';
import type { Policy, PrincipalElement, Statement } from './policy.ts';
import { filled } from './variables.ts';
import { fits, patternOf } from './wildcard.ts';

/** Who asks: a session of a role, or a service of AWS. */
export type Caller =
  | { readonly kind: 'role'; readonly arn: string; readonly account: string; readonly tags: Readonly<Record<string, string>>; readonly policies: readonly Policy[] }
  | { readonly kind: 'service'; readonly name: string };

/** One action on one resource. */
export interface Request {
  readonly action: string;
  /** ARN. */
  readonly resource: string;
  /** Account that the resource belongs to. */
  readonly owner: string;
  readonly context: Readonly<Record<string, string | undefined>>;
  /** Policy of the resource itself; undefined where it has none. */
  readonly resourcePolicy: Policy | undefined;
}

/** The answer, and the statement or lack of one that gave it. */
export interface Decision {
  readonly allowed: boolean;
  readonly because: string;
}

/**
 * Decides as IAM does ("Policy evaluation logic", IAM user guide): a denial anywhere decides; else within an account a
 * policy of the caller or of the resource must allow, and between accounts both. A key of KMS and the trust of a
 * role must always allow. Permission boundaries and policies of organizations are not simulated: they could only take away.
 */
export function decide(caller: Caller, request: Request): Decision {
  const context = contextOf(caller, request.context);
  const own = caller.kind === 'role' ? caller.policies.flatMap(({ Statement }) => Statement) : [];
  const theirs = request.resourcePolicy?.Statement ?? [];
  const identity = own.filter((statement) => applies(statement, request, context));
  const resource = theirs.filter((statement) => applies(statement, request, context)).map((statement) => ({ statement, reach: reachOf(statement, caller) })).filter(({ reach }) => reach !== 'none');
  const denial = [...identity, ...resource.map(({ statement }) => statement)].filter(({ Effect }) => Effect === 'Deny').map(({ Sid }) => Sid ?? 'a statement without Sid').sort()[0];
  if (denial !== undefined) return { allowed: false, because: `denied by ${denial}` };
  const byOwn = identity.some(({ Effect }) => Effect === 'Allow');
  const reaches = resource.filter(({ statement }) => statement.Effect === 'Allow').map(({ reach }) => reach);
  const named = reaches.includes('named');
  const byTheirs = named || reaches.includes('account');
  if (caller.kind === 'service') return { allowed: named, because: named ? 'the resource allows the service' : 'the resource does not allow the service' };
  const same = caller.account === request.owner;
  if (!same) return both(byOwn, byTheirs);
  if (/^(kms|sts):/i.test(request.action)) return named ? { allowed: true, because: 'the resource names the caller' } : both(byOwn, byTheirs);
  if (byOwn) return { allowed: true, because: 'a policy of the caller allows it' };
  return { allowed: named, because: named ? 'the resource names the caller' : 'nothing allows it' };
}

function both(byOwn: boolean, byTheirs: boolean): Decision {
  if (byOwn && byTheirs) return { allowed: true, because: 'the caller\'s policy and the resource\'s allow it' };
  return { allowed: false, because: byOwn ? 'the resource\'s policy does not allow it' : byTheirs ? 'no policy of the caller allows it' : 'nothing allows it' };
}

function contextOf(caller: Caller, given: Request['context']): RequestContext {
  if (caller.kind === 'service') return new RequestContext(given);
  const tags = Object.fromEntries(Object.entries(caller.tags).map(([name, value]) => [`aws:PrincipalTag/${name}`, value]));
  return new RequestContext({ ...given, ...tags, 'aws:PrincipalArn': caller.arn, 'aws:PrincipalAccount': caller.account });
}

function applies({ Action, NotAction, Resource, NotResource, Condition }: Statement, { action, resource }: Request, context: RequestContext): boolean {
  const acts = (patterns: readonly string[]): boolean => patterns.some((pattern) => fits(patternOf(pattern.toLowerCase()), action.toLowerCase()));
  const concerns = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => {
      const pieces = filled(pattern, context);
      return pieces !== undefined && fits(pieces, resource);
    });
  const condition = holds(Condition, context);
  const acted = Action === undefined ? !acts(NotAction ?? []) : acts(Action);
  const concerned = NotResource !== undefined ? !concerns(NotResource) : Resource === undefined || concerns(Resource);
  return condition && acted && concerned;
}

/** How a statement of a resource's policy reaches a caller: by name, or through the account, which then decides itself. */
function reachOf({ Principal, NotPrincipal, Effect }: Statement, caller: Caller): 'named' | 'account' | 'none' {
  if (NotPrincipal !== undefined) {
    if (Effect === 'Allow') throw new Error('Allow with NotPrincipal is not simulated: it would let in whoever is not named');
    return principalReach(NotPrincipal, caller) === 'none' ? 'named' : 'none';
  }
  if (Principal === undefined) throw new Error('a statement of a resource\'s policy has no Principal');
  return principalReach(Principal, caller);
}

function principalReach(principal: PrincipalElement, caller: Caller): 'named' | 'account' | 'none' {
  if (principal === '*') return 'named';
  if (caller.kind === 'service') return principal.Service?.includes(caller.name) === true ? 'named' : principal.AWS?.includes('*') === true ? 'named' : 'none';
  const names = principal.AWS ?? [];
  if (names.includes('*') || names.includes(caller.arn)) return 'named';
  return names.some((name) => name === caller.account || name === `arn:aws:iam::${caller.account}:root`) ? 'account' : 'none';
}
