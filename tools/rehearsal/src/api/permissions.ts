import type { PermissionRule, RolePermissions } from '@icecore/capture';
import { isObject } from './object.ts';

/** Who holds a token, and what that one may do; without permissions, everything. */
export interface ApiUser {
  readonly name: string;
  readonly permissions?: RolePermissions;
  /** Settings of the role that are on. */
  readonly optional?: readonly string[];
}

/** What a request wants to do. */
export interface Action {
  readonly verb: string;
  readonly group: string;
  /** With its part: `nodes/checkpoint`. */
  readonly resource: string;
  readonly namespace: string | undefined;
}

/** `own` is the namespace in which roles have their own rules. */
export function allows({ permissions, optional = [] }: ApiUser, { verb, group, resource, namespace }: Action, own: string): boolean {
  if (permissions === undefined) return true;
  const grants = ({ apiGroups, resources, verbs }: PermissionRule): boolean => apiGroups.includes(group) && resources.includes(resource) && verbs.includes(verb);
  const rules = [...permissions.cluster, ...optional.flatMap((each) => permissions.optional[each] ?? []), ...(namespace === own ? permissions.own : [])];
  return rules.some(grants);
}

/** The answer to a SubjectAccessReview: what a user may do, as the users' permissions say. */
export function reviewed(review: unknown, users: readonly ApiUser[], own: string): object {
  const spec = isObject(review) && isObject(review['spec']) ? review['spec'] : {};
  const attributes = isObject(spec['resourceAttributes']) ? spec['resourceAttributes'] : {};
  const text = (name: string): string => (typeof attributes[name] === 'string' ? attributes[name] : '');
  const user = users.find(({ name }) => name === spec['user']);
  const resource = text('subresource') === '' ? text('resource') : `${text('resource')}/${text('subresource')}`;
  const allowed = user !== undefined && allows(user, { verb: text('verb'), group: text('group'), resource, namespace: text('namespace') === '' ? undefined : text('namespace') }, own);
  return { kind: 'SubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec, status: { allowed } };
}
